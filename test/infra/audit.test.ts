import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { keys } from '../../functions/store/keys.ts';
import { type Principal, Principals } from '../../local/gateway/principals.ts';
import { role } from '../../local/template/kinds-compute.ts';
import { table } from '../../local/template/kinds-data.ts';
import { bucket } from '../../local/template/kinds-storage.ts';
import { Model } from '../../local/template/model.ts';
import { of, resources } from './template.ts';

const model = new Model(
  'cdk.out',
  { region: 'us-east-1', accountId: '111122223333', partition: 'aws' },
  { Issuer: 'https://issuer.example.org', DistrictCode: '440904', Stage: 'test' },
);
const principals = new Principals(model);
const roles = model.all(role).map(({ id, arn }) => [id, principals.forRole(arn, id)] as const);
const [one] = model.all(table);
const roots = model.all(bucket).find(({ id }) => id.startsWith('AuditRoots'));

/** The roles that may do something to items of these partitions. */
function whoMay(action: string, ...partitions: string[]): string[] {
  const access = { action, resource: one?.arn ?? '', context: { 'dynamodb:leadingkeys': partitions } };
  return roles.filter(([, principal]) => principals.may(principal, access)).map(([id]) => id);
}

/** The same of objects among the roots. */
function whoMayAmongRoots(action: string, context: Record<string, string[]> = {}): string[] {
  const access = {
    action,
    resource: `${roots?.arn}/roots/440904/2023-10-12.json`,
    context: { 'aws:securetransport': ['true'], ...context },
  };
  return roles
    .filter(([, principal]: readonly [string, Principal]) => principals.may(principal, access))
    .map(([id]) => id);
}

describe('a link of a timeline', () => {
  const subjects = [keys.case('case-1').pk, keys.claim('claim-1').pk];
  const village = keys.household('440904116207-0001').pk;

  it.each(['UpdateItem', 'DeleteItem', 'BatchWriteItem', 'PartiQLInsert', 'PartiQLUpdate', 'PartiQLDelete'])(
    'can be touched by no role through %s',
    (action) => {
      for (const subject of subjects) {
        expect(whoMay(`dynamodb:${action}`, subject)).toEqual([]);
        // Nor hidden among others in one batch.
        expect(whoMay(`dynamodb:${action}`, village, subject)).toEqual([]);
      }
    },
  );

  it('is not spared because nobody may write anything', () => {
    expect(roles.length).toBeGreaterThan(40);
    for (const action of ['UpdateItem', 'DeleteItem', 'BatchWriteItem'])
      expect(whoMay(`dynamodb:${action}`, village).length).toBeGreaterThan(3);
  });

  it('is written in one place, where there is none', () => {
    const writers = globSync('functions/**/*.ts').filter((file) =>
      /[`']EVENT#\$?\{?String|\beventKey\(/.test(readFileSync(file, 'utf8')),
    );
    expect(writers).toEqual(['functions/store/timeline.ts']);
    const puts = [...readFileSync('functions/store/timeline.ts', 'utf8').matchAll(/\b(?:Put|Update|Delete): \{.*/g)];
    expect(puts.map(([text]) => text)).toEqual([
      expect.stringContaining("ConditionExpression: 'attribute_not_exists(pk)'"),
    ]);
    // And once more without its body, only over the very same link (ADR 23).
    const again = [...readFileSync('functions/store/timeline.ts', 'utf8').matchAll(/new \w+Command\(\{[\s\S]*?\}\)/g)];
    expect(again.map(([text]) => text)).toEqual([expect.stringContaining("ConditionExpression: 'link = :link'")]);
  });
});

describe('a daily root', () => {
  it('lies where nobody can delete it for ten years, not even the account itself', () => {
    const buckets = of(resources('Shouwang-Data'), 'AWS::S3::Bucket');
    const [locked, other] = buckets.filter(({ Properties }) => Properties['ObjectLockEnabled'] === true);
    expect(other).toBeUndefined();
    expect(locked).toMatchObject({
      DeletionPolicy: 'Retain',
      Properties: {
        VersioningConfiguration: { Status: 'Enabled' },
        ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 3650 } } },
      },
    });
  });

  it('is put by one function, only where there is none', () => {
    expect(whoMayAmongRoots('s3:PutObject', { 's3:if-none-match': ['*'] })).toEqual([
      expect.stringMatching(/^RootAudit/),
    ]);
    expect(whoMayAmongRoots('s3:PutObject')).toEqual([]);
  });

  it.each(['DeleteObject', 'DeleteObjectVersion', 'PutObjectRetention', 'BypassGovernanceRetention', 'GetObject'])(
    'is nothing for any role’s %s',
    (action) => {
      expect(whoMayAmongRoots(`s3:${action}`)).toEqual([]);
    },
  );
});
