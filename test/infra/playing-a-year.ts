import { expect } from 'vitest';
import { playClaims } from '../../demo/claims/play.ts';
import { bring } from '../bringing-evidence.ts';
import { SAFE } from '../harmless.ts';
import { admissionOf, agreeUntil, PROPOSER, screen, TOWN, today } from '../playing-cases.ts';
import {
  claimFor,
  claimOf,
  illness,
  insureWith,
  registerFamilies,
  rosterOf,
  stageOf,
  step,
} from '../playing-claims.ts';
import {
  OTHER_TOWN_VILLAGE as CLAIMS_VILLAGE,
  OTHER_VILLAGE,
  openRound,
  register,
  submit,
  testId,
  testRow,
  VILLAGE,
  visitOf,
  WORKER,
  worklist,
} from '../playing-households.ts';
import { OFFICER, SECOND_OFFICER, type TestStack } from '../stack.ts';

const FEW_WAGES = { income: { wages: 50, business: 0, property: 0, transfer: 2_000_000, businessCosts: 0 } };

/** Plays a year on a stack that began on 11 April 2023 with nothing in it: through every function, as its users go through it. */
export async function playYear(stack: TestStack): Promise<void> {
  await stack.prepare();
  await register(stack, 2);
  await throughTheLedger(stack);
  await throughACase(stack);
  await throughAnErasure(stack);
  const former = { admittedOn: '2021-05-01', people: 1, caseType: 'marginal', risks: ['illness'], measures: [] };
  await stack.post('/v1/imports/cases', OFFICER, {
    rows: (await register(stack, 3, OTHER_VILLAGE)).map((household) => ({ household, episodes: [former] })),
  });
  // What is left after the second page is kept for the third.
  for (let next = '', page = 1; page <= 3; page += 1) {
    const { body } = await stack.get(`/v1/watch-list?region=${OTHER_VILLAGE}&limit=1${next}`, OFFICER);
    next = `&cursor=${body.next}`;
  }
  await stack.post('/v1/households:import', OFFICER, { rows: [testRow(1)] });
  const { body } = await stack.get(`/v1/households/${VILLAGE}-0001`, OFFICER);
  await stack.post(`/v1/households/${VILLAGE}-0001/reveal`, OFFICER, {
    field: 'idNumber',
    person: body.members[0].person,
    reason: '核对身份证号',
  });
  await stack.post(`/v1/people/${body.members[0].person}/export`, OFFICER, {
    household: `${VILLAGE}-0001`,
    reason: '本人申请查阅',
  });
  await stack.post('/v1/triage', OFFICER, {
    region: '440904',
    items: [
      {
        visit: {
          ...visitOf({ id: `${VILLAGE}-0001`, members: [] }),
          members: [{ labour: 'full', health: 'healthy', inSchool: false }],
        },
        household: { origin: 'lifted', openCase: false },
      },
    ],
  });
  await stack.advance('2023-10-11T10:00:00+08:00');
  await openRound(stack);
  const [first, second] = await worklist(stack);
  if (first === undefined || second === undefined) throw new Error('The worklist is empty.');
  // Found on demand and put right by another visit before the sealing, which sees it corrected.
  await submit(stack, [visitOf(first, FEW_WAGES)]);
  await throughQuality(stack);
  await submit(stack, [visitOf(first, { recordedAt: '2023-10-11T09:40:00+08:00' })]);
  await stack.post('/v1/rounds/2023Q4/missed', WORKER, {
    village: VILLAGE,
    items: [{ household: second.id, reason: 'refused' }],
  });
  await stack.advance('2023-11-02T00:00:05+08:00');
  const others = await worklist(stack, OTHER_VILLAGE);
  expect(others).toHaveLength(3);
  await submit(
    stack,
    others.map((other) => visitOf(other, FEW_WAGES)),
    { village: OTHER_VILLAGE },
  );
  await stack.post('/v1/rounds/2023Q4/seal', OFFICER);
  await stack.settle(60);
  expect((await stack.get('/v1/rounds/2023Q4', OFFICER)).body.status).toBe('sealed');
  await stack.get(`/v1/rounds/2023Q4/sheets/${VILLAGE}`, OFFICER);
  await stack.get(`/v1/households/${VILLAGE}-0001/history`, OFFICER);
  await stack.get('/v1/households?region=440904', OFFICER);
  const { body: job } = await stack.post('/v1/export-jobs', OFFICER, { kind: 'households', region: VILLAGE });
  await stack.get(`/v1/export-jobs/${job.id}`, OFFICER);
  await stack.post('/v1/households/search', OFFICER, { region: VILLAGE, number: '0001' });
  const home = (await stack.get(`/v1/households/${OTHER_VILLAGE}-0003`, OFFICER)).body;
  const born = { name: '测试新生', relation: 'child', idNumber: testId(5, '20231009') };
  const birth = { version: home.version, change: { kind: 'birth', on: '2023-10-09', member: born } };
  expect((await stack.patch(`/v1/households/${home.id}`, OFFICER, birth)).status).toBe(200);
  const { body: divisions } = await stack.get('/v1/divisions', OFFICER);
  const [town] = divisions.towns;
  const fewer = {
    ...divisions,
    towns: [{ ...town, villages: town.villages.slice(0, -1) }, ...divisions.towns.slice(1)],
  };
  expect((await stack.post('/v1/divisions', OFFICER, fewer)).status).toBe(200);
  await throughClaims(stack);
  expect(stack.local.events.last.map((event) => event['detail-type'])).toContain('payment-returned');
  await stack.get('/v1/reports/brief?region=440904', OFFICER);
  await stack.get('/v1/reports/briefs?region=440904', OFFICER);
}

/** Help of the kinds that move something beside their entry. */
async function throughTheLedger(stack: TestStack): Promise<void> {
  const [{ id, members }] = (await stack.get(`/v1/households?region=${VILLAGE}`, OFFICER)).body.items;
  const at = { occurredOn: '2023-04-01', region: VILLAGE, household: id };
  const { body } = await stack.post('/v1/ledger', TOWN, {
    rows: [{ kind: 'post', ...at, person: members[0].person, duty: '保洁' }],
  });
  await stack.post('/v1/ledger', TOWN, {
    rows: [{ kind: 'post-subsidy', ...at, post: body.items[0].id, month: '2023-03', amount: 100 }],
  });
  await stack.post(`/v1/ledger/${body.items[0].id}/reversal`, TOWN, {
    region: VILLAGE,
    occurredOn: '2023-04-01',
    on: '2023-04-02',
    reason: '录入重复',
  });
  await stack.get('/v1/ledger?region=440904', OFFICER);
  const asked = {
    household: id,
    person: members[0].person,
    askedOn: '2023-04-01',
    wants: 'work',
    channel: 'counter',
    words: '想就近务工',
  };
  const { body: help } = await stack.post('/v1/help-requests', WORKER, asked);
  await stack.get(`/v1/help-requests?region=${VILLAGE}`, TOWN);
  await stack.post(`/v1/help-requests/${help.id}/outcome`, TOWN, {
    outcome: { outcome: 'post', on: '2023-04-05', note: '安排保洁岗位' },
  });
}

/** A case from its clues over an objection and an escalation to its closure, with everything officials look at meanwhile. */
async function throughACase(stack: TestStack): Promise<void> {
  await screen(stack, '2023Q2', ({ id }) =>
    id.endsWith('1') ? {} : { shocks: ['disaster'], guarantees: { ...SAFE, housing: false } },
  );
  const [household, declarer] = await worklist(stack, VILLAGE, '2023Q2');
  if (household === undefined || declarer === undefined) throw new Error('Two households are needed.');
  const subject = await admissionOf(stack, household);
  const declaration = { name: '测试', phone: '13800001111', village: VILLAGE, trouble: 'illness', declaredBy: 'self' };
  const unknown = await stack.call(
    'POST',
    '/v1/declarations',
    '',
    JSON.stringify({ ...declaration, idNumber: testId(7, '19990909') }),
  );
  await stack.call('GET', `/v1/declarations/${unknown.body.receipt}`, '');
  const { body: unmatched } = await stack.get(`/v1/clues/unmatched?region=${VILLAGE}`, OFFICER);
  await stack.post(`/v1/clues/${unmatched.items[0].id}/resolution`, OFFICER, { household: declarer.id });
  await stack.post('/v1/alerts', OFFICER, {
    department: '医保局',
    rows: [{ idNumber: testId(1, '19510115'), kind: 'job-loss', on: '2023-04-01' }],
  });
  await stack.get(`/v1/declarations?region=${VILLAGE}`, OFFICER);
  await stack.get('/v1/alerts?region=440904&from=2023-04-01&to=2023-04-01', OFFICER);
  await stack.settle(5 * 86_400);
  await agreeUntil(stack, subject, household, 'public-notice');
  const { body: notices } = await stack.call('GET', '/v1/notices?region=440904', '');
  const objections = `/v1/notices/${notices.items[0].id}/objections`;
  const { body: objection } = await stack.call(
    'POST',
    objections,
    '',
    JSON.stringify({ text: '该户有车有房', contact: '138' }),
  );
  await stack.settle(6 * 86_400);
  await stack.get(objections, OFFICER);
  await stack.get('/v1/notices/all?region=440904', OFFICER);
  await stack.post(`${objections}/${objection.id}/answer`, TOWN, { text: '经核实，异议不成立' });
  await stack.settle(301);
  await agreeUntil(stack, subject, household);
  const responsible = { account: 'h', name: '陈帮扶', unit: '镇农业办' };
  const { body } = await stack.post(`/v1/cases/${subject}/measures`, TOWN, {
    key: 'measure-1',
    kind: 'health',
    plannedOn: today(stack),
    responsible,
  });
  for (const change of [{ to: 'under-way' }, { to: 'completed', evidence: ['photo'] }]) {
    await stack.post(`/v1/cases/${subject}/measures/${body.measure.id}`, TOWN, {
      change: { ...change, on: today(stack) },
    });
  }
  await bring(stack, TOWN, { kind: 'measure', case: subject, measure: body.measure.id });
  await stack.get(`/v1/households/${household.id}/evidence`, OFFICER);
  await stack.get('/v1/cases?region=440904', OFFICER);
  await stack.get(`/v1/watch-list?region=${VILLAGE}`, OFFICER);
  await stack.post(`/v1/households/${household.id}/calls`, WORKER, { on: today(stack) });
  await screen(stack, '2023Q3');
  await stack.get('/v1/rounds/2023Q3/households?region=440904', OFFICER);
  expect((await stack.post(`/v1/cases/${subject}/closure`, PROPOSER, { method: 'natural' })).status).toBe(201);
  await stack.settle();
  await agreeUntil(stack, subject, household);
  expect((await stack.get(`/v1/cases/${subject}`, OFFICER)).body.stage).toBe('closed');
}

/** Somebody who was taught something and moved away years ago, and whose data go. */
async function throughAnErasure(stack: TestStack): Promise<void> {
  const household = `${VILLAGE}-0900`;
  const members = [{ name: '旧住户', relation: 'head', idNumber: testId(900, '19700101') }];
  const row = { ...testRow(900), phone: '13700009000', registeredOn: '2020-01-01', members };
  await stack.post('/v1/households:import', OFFICER, { rows: [row] });
  const { body } = await stack.get(`/v1/households/${household}`, OFFICER);
  const [{ person }] = body.members;
  const at = { occurredOn: '2021-03-01', region: VILLAGE };
  const rows = [{ kind: 'training', ...at, household, person, course: '电工' }];
  const { body: ledger } = await stack.post('/v1/ledger', TOWN, { rows });
  await bring(stack, TOWN, { kind: 'entry', ...at, entry: ledger.items[0].id });
  const change = { kind: 'cancel', on: '2021-06-01', reason: 'moved-away' };
  await stack.patch(`/v1/households/${household}`, OFFICER, { version: body.version, change });
  const terms = { years: 1, effectiveFrom: '2023-01-01', basis: '区档案保管期限表' };
  const { body: period } = await stack.post('/v1/erasures/periods', OFFICER, terms);
  await stack.post(`/v1/erasures/periods/${period.id}/approval`, SECOND_OFFICER);
  const asked = { person, household, ground: 'period-over', reason: '保存期限届满' };
  const { body: erasure } = await stack.post('/v1/erasures', OFFICER, asked);
  expect((await stack.post(`/v1/erasures/${erasure.id}/approval`, SECOND_OFFICER)).body.status).toBe('erased');
}

/** Claims to every end: paid after a return, escalated, withdrawn, appealed; reported by village, family and hospital. */
async function throughClaims(stack: TestStack): Promise<void> {
  const families = await registerFamilies(stack, 4, CLAIMS_VILLAGE);
  const policy = await insureWith(stack, rosterOf(families));
  const [first, second, third, fourth] = families;
  if (first === undefined || second === undefined || third === undefined || fourth === undefined)
    throw new Error('Four families are needed.');
  const at = { eventOn: '2023-09-10' };
  const batches = await playClaims(stageOf(stack), policy, [
    claimFor(first, 5, illness(900_000, 'DB-0001'), 'paid', { ...at, comesBackOnce: true }),
    claimFor(second, 6, illness(900_000, 'DB-0002'), 'approval', {
      ...at,
      channel: 'household',
      papersAsked: true,
    }),
    claimFor(third, 7, illness(900_000, 'DB-0003'), 'survey', { ...at, channel: 'hospital' }),
    claimFor(fourth, 8, illness(900_000, 'DB-0004'), 'documents', at),
  ]);
  const BANK = { account: 'bank' };
  const { body: batch } = await stack.get(`/v1/payouts/batches/${batches[0]}`, BANK);
  await stack.get('/v1/payouts/batches', OFFICER);
  await fetch(`${stack.local.endpoints.api}/v1/payouts/batches/${batches[0]}?format=pain.001`, {
    headers: { authorization: `Bearer ${await stack.token(BANK)}` },
  });
  const items = [{ endToEndId: batch.payouts[0].endToEndId, status: 'settled', amount: 200_000, on: today(stack) }];
  expect((await stack.post('/v1/payouts/confirmations', BANK, { items })).body.items[0].outcome).toBe('disputed');
  const pain002 = `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt><GrpHdr><MsgId>R1</MsgId><CreDtTm>${today(stack)}T12:00:00</CreDtTm></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>B</OrgnlMsgId></OrgnlGrpInfAndSts><OrgnlPmtInfAndSts><TxInfAndSts><OrgnlEndToEndId>${batch.payouts[0].endToEndId}</OrgnlEndToEndId><TxSts>ACCP</TxSts></TxInfAndSts></OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>`;
  await stack.post('/v1/payouts/confirmations', BANK, { pain002 });
  await stack.post(`/v1/payouts/${batch.payouts[0].endToEndId}/resolution`, OFFICER, {
    reason: '与银行核实，款项已退回',
  });
  const worker = { account: 'village-worker', region: CLAIMS_VILLAGE };
  const claim = await claimOf(stack, second.household);
  const last4 = second.people[0]?.idNumber.slice(-4);
  await stack.call('POST', `/v1/claim-reports/${claim.receipt}/status`, '', JSON.stringify({ last4 }));
  await step(
    stack,
    claim,
    { account: 'insurer-approver' },
    { step: 'reject', code: 'investigation-negative', reason: '经查勘，不属于保险事故' },
  );
  await stack.post(`/v1/claims/${claim.id}/appeal`, worker, { reason: '补充了新的病历' });
  await stack.post('/v1/claims', worker, {
    household: fourth.household,
    person: fourth.people[0]?.person,
    line: 'education',
    eventOn: '2023-09-01',
  });
  await stack.settle(7 * 86_400);
  await stack.get('/v1/products', OFFICER);
  await stack.get(`/v1/policies/${policy}/reconciliation`, OFFICER);
  await stack.get(`/v1/policies/${policy}/prompts?region=440904`, OFFICER);
  await stack.get('/v1/reports/claims?region=440904', OFFICER);
}

/** Findings on demand, one of them explained, and the surveyor's sample. */
async function throughQuality(stack: TestStack): Promise<void> {
  expect((await stack.post('/v1/reports/quality', TOWN, { region: TOWN.region })).body.found).toBeGreaterThan(0);
  const { body } = await stack.get(`/v1/reports/quality?region=${OTHER_VILLAGE}`, OFFICER);
  await stack.get('/v1/reports/quality?region=440904&state=all', OFFICER);
  expect(
    (await stack.post(`/v1/reports/quality/${body.items[0].id}/resolution`, TOWN, { reason: '原登记册未录入措施' }))
      .status,
  ).toBe(200);
  await stack.get('/v1/rounds/2023Q4/sample?region=440904', OFFICER);
}
