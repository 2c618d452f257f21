import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DecryptCommand, KMSClient } from '@aws-sdk/client-kms';
import type { Claimant } from '../demo/claims/plan.ts';
import { playClaims } from '../demo/claims/play.ts';
import { bring } from './bringing-evidence.ts';
import { admissionOf, PROPOSER, pendingOf, sealRound, TOWN } from './playing-cases.ts';
import { claimFor, illness, insureWith, rosterOf, stageOf } from './playing-claims.ts';
import { OTHER_VILLAGE, openRound, submit, testId, VILLAGE, visitOf, WORKER, worklist } from './playing-households.ts';
import { type Answer, OFFICER, SECOND_OFFICER, TestStack } from './stack.ts';
import type { What } from './traces/secrets.ts';

export const YEARS_LATER = '2026-02-01T10:00:00+08:00';
/** As somebody else wrote the first one's name. */
export const MISSPELLED = '赵钾任';
export const LEFT_ON = '2023-12-10';
const NAMES = [
  ['赵甲仁', '赵乙仁'],
  ['钱甲义', '钱乙义'],
  ['孙甲礼', '孙乙礼'],
] as const;

/** A parent who left, with everything by which they are known. */
export interface Left {
  household: string;
  person: string;
  child: string;
  secrets: Map<string, What>;
}

/**
 * A district in which three parents moved out at the end of 2023 and their children stayed. The first had a claim paid, a visit, calls, help, a refused admission,
 * a declaration and a report, and was named in everything that takes words; the second has a claim that the bank has not answered; the third a case.
 */
export async function whoLeft(start = '2023-10-11T10:00:00+08:00'): Promise<{ stack: TestStack; left: Left[] }> {
  const stack = await TestStack.start({ start });
  const families = await registered(stack);
  const [first, second, third] = families;
  if (first === undefined || second === undefined || third === undefined) throw new Error('There are three.');
  const policy = await insureWith(stack, rosterOf(families));
  const at = { eventOn: '2023-09-10' };
  await playClaims(stageOf(stack), policy, [
    { ...claimFor(first, 1, illness(900_000, 'DB-E001'), 'paid', at), comesBackOnce: true },
    claimFor(second, 2, illness(900_000, 'DB-E002'), 'confirmation', at),
  ]);
  await toldOf(stack, first);
  await refusedAdmission(stack, { id: second.household, members: second.people }, '走访后无返贫风险');
  await admissionOf(stack, { id: third.household, members: third.people });
  await sealRound(stack, '2023Q4');
  await stack.advance(`${LEFT_ON}T12:00:00+08:00`);
  for (const { household, people } of families) {
    const { body } = await stack.get(`/v1/households/${household}`, OFFICER);
    const change = { kind: 'move-out', on: LEFT_ON, person: people[0]?.person };
    must(await stack.patch(`/v1/households/${household}`, OFFICER, { version: body.version, change }), 200);
  }
  await livedElsewhere(stack, first);
  return { stack, left: families.map((family, n) => leftOf(family, n)) };
}

/** For two days the parent lived with others: nothing but the number leads from one household to the other. */
async function livedElsewhere(stack: TestStack, { people }: Claimant): Promise<void> {
  const row = { village: VILLAGE, number: '0004', origin: 'general', registeredOn: '2022-01-01' };
  const members = [{ name: '李甲智', relation: 'head', idNumber: testId(4) }];
  must(await stack.post('/v1/households:import', OFFICER, { rows: [{ ...row, members }] }), 200);
  const household = `/v1/households/${VILLAGE}-0004`;
  const { name, idNumber, person } = people[0] ?? {};
  const member = { name, idNumber, relation: 'other' };
  must(await stack.patch(household, OFFICER, { version: 1, change: { kind: 'move-in', on: LEFT_ON, member } }), 200);
  must(await stack.patch(household, OFFICER, { version: 2, change: { kind: 'move-out', on: LEFT_ON, person } }), 200);
}

function leftOf({ household, people }: Claimant, n: number): Left {
  const [parent, child] = people;
  const secrets = new Map<string, What>([
    [parent?.name ?? '', 'name'],
    [parent?.idNumber ?? '', 'idNumber'],
  ]);
  // As the played claims make them: the first one's came back, and was written down anew.
  for (const number of n === 0 ? [1, 501] : [n + 1]) secrets.set(`6217${String(number).padStart(15, '0')}`, 'account');
  return { household, person: parent?.person ?? '', child: child?.person ?? '', secrets };
}

async function registered(stack: TestStack): Promise<Claimant[]> {
  const rows = NAMES.map(([parent, child], n) => ({
    village: VILLAGE,
    number: `000${n + 1}`,
    origin: 'lifted',
    registeredOn: '2022-01-01',
    phone: `1391111000${n}`,
    address: `某村${n + 1}号`,
    members: [
      { name: parent, relation: 'head', idNumber: testId(n + 1) },
      { name: child, relation: 'child', idNumber: testId(n + 1, '20060301') },
    ],
  }));
  must(await stack.post('/v1/households:import', OFFICER, { rows }), 200);
  return await Promise.all(
    rows.map(async ({ number, phone, members }) => {
      const household = `${VILLAGE}-${number}`;
      const { body } = await stack.get(`/v1/households/${household}`, OFFICER);
      const people = members.map(({ name, idNumber }, place) => ({
        ...{ name, idNumber, person: body.members[place].person },
        ...(place === 0 ? { age: 43, inSchool: false } : { age: 17, inSchool: true }),
      }));
      return { household, phone, people };
    }),
  );
}

/** Everything that takes words says the parent's name. */
async function toldOf(stack: TestStack, { household, people }: Claimant): Promise<void> {
  const [parent] = people;
  if (parent === undefined) throw new Error('There is a parent.');
  const { name, person, idNumber } = parent;
  const words = `${name}病重，号码${idNumber}`;
  await openRound(stack);
  const listed = await worklist(stack);
  const visits = listed.map((one) => visitOf(one, one.id === household ? { note: words } : {}));
  const { body } = await submit(stack, visits);
  const own = body.items.find((one: { household: string }) => one.household === household);
  const visit = own?.visit ?? own?.id;
  must(await bring(stack, WORKER, { kind: 'visit', round: '2023Q4', household, visit }), 200);
  must(await stack.post(`/v1/households/${household}/calls`, WORKER, { on: '2023-10-11', note: words }), 201, 200);
  const about = { occurredOn: '2023-10-10', region: VILLAGE, household, note: words };
  const rows = [
    { kind: 'loan', ...about, borrower: name, amount: 100 },
    { kind: 'training', ...about, person, course: `${name}电工班`, serial: idNumber },
    { kind: 'goods', ...about, note: '发放', what: `${name}养的鸡苗`, quantity: 20, funder: name },
    { kind: 'company-jobs', occurredOn: '2023-10-10', region: VILLAGE, company: `${name}合作社`, personTimes: 3 },
  ];
  const ledger = await stack.post('/v1/ledger', TOWN, { rows });
  must(ledger, 200);
  const [, training, goods] = ledger.body.items;
  const reversal = { region: VILLAGE, occurredOn: '2023-10-10', on: '2023-10-11', reason: `${name}没有领到` };
  must(await stack.post(`/v1/ledger/${goods.id}/reversal`, TOWN, reversal), 201);
  const entry = { kind: 'entry', region: VILLAGE, occurredOn: '2023-10-10', entry: training.id };
  must(await bring(stack, TOWN, entry, Buffer.from(`\u00ff\u00d8\u00ff ${idNumber}`, 'latin1')), 200);
  const asked = { household, person, askedOn: '2023-10-10', wants: 'work', channel: 'counter', words };
  const help = await stack.post('/v1/help-requests', WORKER, asked);
  must(help, 201);
  const outcome = { outcome: 'referral', on: '2023-10-11', to: `${name}介绍的劳务站`, note: words };
  must(await stack.post(`/v1/help-requests/${help.body.id}/outcome`, TOWN, { outcome }), 200);
  const declared = { name, phone: '13922223333', village: VILLAGE, trouble: 'illness', declaredBy: 'self', idNumber };
  must(await stack.call('POST', '/v1/declarations', '', JSON.stringify(declared)), 201);
  // The same number with a name that is not the register's, in a village where they never lived.
  const elsewhere = { ...declared, name: MISSPELLED, village: OTHER_VILLAGE };
  must(await stack.call('POST', '/v1/declarations', '', JSON.stringify(elsewhere)), 201);
  await refusedAdmission(stack, { id: household, members: people }, words);
  // A stranger's report, which the village dismisses.
  const report = { idNumber, name, phone: '13922223333', line: 'illness', eventOn: '2023-10-01', invoices: [] };
  const reported = await stack.call('POST', '/v1/claim-reports', '', JSON.stringify(report));
  must(reported, 201);
  const { receipt } = reported.body;
  must(await stack.post(`/v1/claim-reports/${receipt}/conclusion`, WORKER, { dismissed: words }), 200);
  const reveal = { field: 'idNumber', person, reason: `核对${name}的号码` };
  must(await stack.post(`/v1/households/${household}/reveal`, OFFICER, reveal), 200);
}

export async function refusedAdmission(
  stack: TestStack,
  household: { id: string; members: { person: string }[] },
  reason: string,
) {
  // The claim was a clue, and has begun it already.
  const clue = await stack.post('/v1/clues', PROPOSER, { household: household.id, reason });
  must(clue, 200);
  const pending = await pendingOf(stack, clue.body.case);
  const verdict = { verdict: 'reject', code: 'not-at-risk', reason };
  must(await stack.post(`/v1/decisions/${pending?.id}`, WORKER, { verdict }), 200);
  await stack.settle(301);
}

function must({ status, body }: Answer, ...wanted: number[]): void {
  if (!wanted.includes(status)) throw new Error(`${status} ${JSON.stringify(body)}`);
}

/** The same stack when two years have passed, in which nobody did anything: its clock alone is set on. */
export async function yearsLater(stack: TestStack, to = YEARS_LATER): Promise<TestStack> {
  await stack.stop({ keep: true });
  writeFileSync(join(stack.data, 'clock.json'), JSON.stringify({ now: new Date(to).toISOString() }));
  const later = await TestStack.start({ data: stack.data });
  await later.settle(301);
  return later;
}

/** One officer proposes a period, another approves it. */
export async function setPeriod(stack: TestStack, years = 1, effectiveFrom = '2026-01-01'): Promise<void> {
  const terms = { years, effectiveFrom, basis: '区档案保管期限表' };
  const { body } = await stack.post('/v1/erasures/periods', OFFICER, terms);
  must(await stack.post(`/v1/erasures/periods/${body.id}/approval`, SECOND_OFFICER), 200);
}

export function proposalOf({ person, household }: Pick<Left, 'person' | 'household'>): object {
  return { person, household, ground: 'period-over', reason: '保存期限届满，本人申请' };
}

/** What every ciphertext of these items says, opened for whichever of the texts beside it is its owner. */
export function openedIn(items: Iterable<object>, decrypt: (cipher: string, owner: string) => string): Set<string> {
  const said = new Set<string>();
  for (const item of items) {
    const text = JSON.stringify(item).replaceAll('\\', '');
    const owners = new Set(text.match(/[\w-]+/g));
    for (const [, cipher = ''] of text.matchAll(/Cipher":"([^"]+)"/g)) said.add(openedBy(cipher, owners, decrypt));
  }
  return said;
}

function openedBy(
  cipher: string,
  owners: Iterable<string>,
  decrypt: (cipher: string, owner: string) => string,
): string {
  for (const owner of owners) {
    try {
      return decrypt(cipher, owner);
    } catch {
      // Another's.
    }
  }
  throw new Error('Nothing beside a ciphertext owns it.');
}

/** The KMS key that wraps the district's data key. */
export async function numbersKey(district: string): Promise<string> {
  const { keys } = await import('../functions/store/keys.ts');
  const { get } = await import('../functions/store/table.ts');
  const CiphertextBlob = (await get(keys.dataKey(district)))?.['wrapped'];
  if (!(CiphertextBlob instanceof Uint8Array)) throw new Error('There is a data key.');
  const asked = { CiphertextBlob, EncryptionContext: { district } };
  return (await new KMSClient({}).send(new DecryptCommand(asked))).KeyId ?? '';
}
