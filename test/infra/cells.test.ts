import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describe as describeStacks } from '../../infra/stacks.ts';
import { lambdaFunction, stateMachine, version } from '../../local/template/kinds-compute.ts';
import { table } from '../../local/template/kinds-data.ts';
import { Model } from '../../local/template/model.ts';
import { of, type Resource, resources } from './template.ts';

const PARTS = ['Data', 'Service', 'Console', 'Watch'];
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Synthesizes a cell from what is bundled already. */
function synthesized(cell: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'shouwang-cell-'));
  folders.push(folder);
  const { context } = JSON.parse(readFileSync('cdk.json', 'utf8'));
  describeStacks({ ...context, cell }, folder).synth();
  return folder;
}

let prod: string;
let test: string;
beforeAll(() => {
  prod = synthesized('440904-prod');
  test = synthesized('440905-test');
});

describe('a cell', () => {
  it('is in the name of every stack, so that two districts or stages stand in one account', () => {
    for (const part of PARTS) {
      expect(existsSync(join(prod, `Shouwang-440904-prod-${part}.template.json`))).toBe(true);
      expect(existsSync(join(test, `Shouwang-440905-test-${part}.template.json`))).toBe(true);
    }
    const exported = (folder: string, cell: string) =>
      PARTS.flatMap((part) => {
        const { Outputs = {} } = JSON.parse(
          readFileSync(join(folder, `Shouwang-${cell}-${part}.template.json`), 'utf8'),
        );
        return Object.values<{ Export?: { Name: string } }>(Outputs).flatMap(({ Export }) => Export?.Name ?? []);
      });
    const names = exported(prod, '440904-prod');
    expect(names.length).toBeGreaterThan(5);
    expect(names.filter((name) => exported(test, '440905-test').includes(name))).toEqual([]);
  });

  it('cannot be deleted by a slip: its stacks are protected', () => {
    const { artifacts } = JSON.parse(readFileSync(join(prod, 'manifest.json'), 'utf8'));
    const stacks = Object.values<{ type: string; properties: { terminationProtection?: boolean } }>(artifacts).filter(
      ({ type }) => type === 'aws:cloudformation:stack',
    );
    expect(stacks.map(({ properties }) => properties.terminationProtection)).toEqual([true, true, true, true]);
  });

  it('has the resources of the template that tests run', () => {
    // CDK puts names of stacks into the ids of permissions, and settings into those of versions.
    const numbered = ['AWS::Lambda::Permission', 'AWS::Lambda::Version'];
    const listed = (all: [string, Resource][]) =>
      all.map(([id, { Type }]) => (numbered.includes(Type) ? Type : `${Type} ${id}`));
    for (const part of PARTS)
      expect(listed(resources(`Shouwang-440904-prod-${part}`, prod))).toEqual(listed(resources(`Shouwang-${part}`)));
  });

  it('has its web ACL when that is asked for, as AWS takes it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'shouwang-cell-'));
    folders.push(folder);
    describeStacks({ cell: '440904-prod', guard: 'true' }, folder).synth();
    const [acl] = of(resources('Shouwang-440904-prod-Guard', folder), 'AWS::WAFv2::WebACL');
    const text = JSON.stringify(acl?.Properties);
    expect(text).toContain('"SizeRestrictions_BODY"');
    // AWS refuses an empty list, and keeps this name of a metric to itself.
    expect(text).not.toMatch(/:\[\]|"MetricName":"all"/i);
  });

  it('is refused when it is no district and stage', () => {
    expect(() => describeStacks({ cell: 'prod' }, tmpdir())).toThrow('440904-prod');
  });
});

describe('what a deployer may change', () => {
  const given: Record<string, string> = { Issuer: 'https://issuer.example.org' };
  const other: Record<string, string> = {
    Issuer: 'https://other.example.org/realms/x',
    Audience: 'another',
    PublicConcurrency: '7',
    LogRetentionDays: '365',
    OriginSecret: 'abcdefghijklmnopqrstuvwxyz',
    WebAcl: 'arn:aws:wafv2:us-east-1:111122223333:global/webacl/x/y',
    OriginSecretSerial: '1',
    RoleClaim: 'custom:role',
    RegionClaim: 'custom:region',
    PublicRoutes: 'off',
    PaperScan: 'tag',
    RestoredTable: 'table-of-last-night',
    ClientId: 'another-client',
    SignInOrigins: 'https://token.example.org',
    SignInScope: 'openid',
    Boundaries: 'map/other.geojson',
    AlarmEmail: 'other@example.org',
  };
  const parameters = (): Record<string, { AllowedValues?: string[] }> =>
    Object.assign(
      {},
      ...PARTS.map(
        (part) => JSON.parse(readFileSync(join(prod, `Shouwang-440904-prod-${part}.template.json`), 'utf8')).Parameters,
      ),
    );
  const environment = { region: 'cn-north-1', accountId: '111122223333', partition: 'aws-cn' };
  const namesOf = (values: Record<string, string>) => {
    const model = new Model(prod, environment, values);
    return [lambdaFunction, stateMachine, table].flatMap((kind) =>
      model.all<unknown>(Object(kind)).map(({ stack, id, ref, arn }) => `${stack}/${id} ${ref} ${arn}`),
    );
  };

  it('renames and replaces no function, machine or table', () => {
    const before = namesOf(given);
    expect(before.length).toBeGreaterThan(45);
    const changeable = Object.keys(parameters()).filter((name) => name !== 'BootstrapVersion' && !isFixed(name));
    // A new parameter needs another value here.
    expect(changeable.filter((name) => !(name in other))).toEqual([]);
    for (const name of changeable) {
      const changed = namesOf({ ...given, [name]: other[name] ?? '' });
      expect([name, changed]).toEqual([name, before]);
    }
  });

  it('reaches functions by another version: an alias would go on with the settings of the one before', () => {
    const functionsOf = (values: Record<string, string>) => {
      const model = new Model(prod, environment, values);
      return {
        functions: new Map(model.all(lambdaFunction).map(({ ref, properties }) => [ref, properties])),
        versions: model.all(version).map(({ properties }) => properties),
      };
    };
    const before = functionsOf(given);
    expect(before.versions.length).toBe(before.functions.size);
    const settingsOf = ({ functions }: ReturnType<typeof functionsOf>) =>
      [...functions.values()].map(({ Environment }) => Environment);
    for (const [name, value] of Object.entries(other)) {
      const after = functionsOf({ ...given, [name]: value });
      const changed = !isDeepStrictEqual(settingsOf(after), settingsOf(before));
      // A secret is in no version's name: whoever changes it raises its serial number.
      if (changed && name !== 'OriginSecret') expect([name, after.versions]).not.toEqual([name, before.versions]);
      // Lambda makes no other version of a function that is as it was, whatever the version is to be called: the deployment would be rolled back.
      for (const [n, { Description, FunctionName }] of after.versions.entries()) {
        if (Description === before.versions[n]?.Description) continue;
        expect([name, after.functions.get(FunctionName)]).not.toEqual([name, before.functions.get(FunctionName)]);
      }
    }
    expect(functionsOf({ ...given, OriginSecretSerial: '1' }).versions).not.toEqual(before.versions);
  });

  it('is in no export: CloudFormation refuses another value of one that a second stack has imported', () => {
    const exported = PARTS.flatMap((part) => {
      const template = JSON.parse(readFileSync(join(prod, `Shouwang-440904-prod-${part}.template.json`), 'utf8'));
      const outputs = Object.values<{ Value: unknown; Export?: unknown }>(template.Outputs ?? {});
      return outputs
        .filter(({ Export }) => Export !== undefined)
        .map(({ Value }) => [...parametersIn(Value, template.Conditions ?? {})].filter((name) => !isFixed(name)));
    });
    expect(exported.length).toBeGreaterThan(5);
    expect(exported.flat()).toEqual([]);
  });

  it('is not the cell itself: its parameters take one value', () => {
    expect(isFixed('Stage') && isFixed('DistrictCode')).toBe(true);
    expect(() => new Model(prod, environment, { ...given, Stage: 'other' })).toThrow('Stage');
  });

  /** Parameters a value of a template depends on, by itself or by a condition. */
  function parametersIn(value: unknown, conditions: Record<string, unknown>): Set<string> {
    if (Array.isArray(value)) return new Set(value.flatMap((one) => [...parametersIn(one, conditions)]));
    if (typeof value !== 'object' || value === null) return new Set();
    return new Set(
      Object.entries(value).flatMap(([key, inner]) => {
        if (key === 'Ref' && String(inner) in parameters()) return [String(inner)];
        const asked = key === 'Fn::If' && Array.isArray(inner) ? conditions[String(inner[0])] : undefined;
        return [...parametersIn(inner, conditions), ...parametersIn(asked, conditions)];
      }),
    );
  }

  function isFixed(name: string): boolean {
    return parameters()[name]?.AllowedValues?.length === 1;
  }
});

describe('the data stack beside the last release’s', () => {
  /** Properties that CloudFormation changes only by making another resource, and losing what is in this one. */
  const REPLACES: Readonly<Record<string, readonly string[]>> = {
    'AWS::DynamoDB::Table': ['TableName', 'KeySchema', 'LocalSecondaryIndexes', 'ImportSourceSpecification'],
    'AWS::S3::Bucket': ['BucketName', 'ObjectLockEnabled'],
    'AWS::KMS::Key': ['KeySpec', 'KeyUsage', 'MultiRegion', 'Origin'],
    'AWS::S3::BucketPolicy': ['Bucket'],
  };
  const RELEASE = 'test/infra/releases/0.1.0/data.template.json';

  /** What today's template would replace or take away. */
  function losses(now: [string, Resource][]): string[] {
    const today = new Map(now);
    const released: Record<string, Resource> = JSON.parse(readFileSync(RELEASE, 'utf8')).Resources;
    return Object.entries(released).flatMap(([id, was]) => {
      const is = today.get(id);
      if (is === undefined) return [`${id} is gone`];
      if (is.Type !== was.Type) return [`${id} is another type`];
      const judged = REPLACES[was.Type];
      if (judged === undefined) return [`${was.Type}: say in this test what replaces it`];
      const kept = was.DeletionPolicy === undefined || is.DeletionPolicy === was.DeletionPolicy;
      return [
        ...judged
          .filter((name) => JSON.stringify(is.Properties[name]) !== JSON.stringify(was.Properties[name]))
          .map((name) => `${id}.${name} would replace it`),
        ...(kept ? [] : [`${id} would be deleted with its stack`]),
      ];
    });
  }

  it('replaces nothing and deletes nothing', () => {
    expect(losses(resources('Shouwang-Data'))).toEqual([]);
  });

  it('would be refused otherwise', () => {
    const changed = (change: (all: Map<string, Resource>) => void) => {
      const all = new Map(structuredClone(resources('Shouwang-Data')));
      change(all);
      return losses([...all]);
    };
    const [tableId = ''] = resources('Shouwang-Data').find(([, { Type }]) => Type === 'AWS::DynamoDB::Table') ?? [];
    const found = (all: Map<string, Resource>) => all.get(tableId) ?? { Type: '', Properties: {} };
    expect(changed((all) => all.delete(tableId))).toEqual([`${tableId} is gone`]);
    expect(
      changed((all) => {
        found(all).Properties['TableName'] = 'named';
      }),
    ).toEqual([`${tableId}.TableName would replace it`]);
    expect(
      changed((all) => {
        found(all).DeletionPolicy = 'Delete';
      }),
    ).toEqual([`${tableId} would be deleted with its stack`]);
  });
});
