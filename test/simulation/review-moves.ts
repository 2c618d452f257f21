import { VILLAGES } from './ground.ts';
import { all, type Move, OFFICER, type Scene, sendSomehow, town, worker } from './scene.ts';
import type { Request } from './stage.ts';

interface Line {
  id: string;
  household: string;
  stage: string;
}

async function someCase({ stage, random }: Scene, ...stages: string[]): Promise<Line | undefined> {
  const lines: Line[] = await all(stage, '/v1/cases?region=440904&limit=200');
  const fitting = lines.filter((line) => stages.includes(line.stage));
  return fitting.length === 0 ? undefined : random.pick(fitting);
}

async function someHousehold({ stage, random }: Scene): Promise<string | undefined> {
  const households: { id: string }[] = await all(stage, '/v1/households?region=440904&limit=50');
  return households.length === 0 ? undefined : random.pick(households).id;
}

const clue: Move = async (scene) => {
  const household = await someHousehold(scene);
  if (household === undefined) return;
  const as = scene.random.pick([town(household, 9), worker(household.slice(0, 12), 9), town(VILLAGES[2])]);
  await sendSomehow(scene, { as, method: 'POST', path: '/v1/clues', body: { household, reason: '走访发现重病住院' } });
};

const declare: Move = async (scene) => {
  const { random, ground } = scene;
  const { name, idNumber, phone } = random.pick([...ground.people.values()]);
  const body = { name, idNumber, phone, village: random.pick(VILLAGES), trouble: 'illness', declaredBy: 'self' };
  await sendSomehow(scene, { as: 'anybody', method: 'POST', path: '/v1/declarations', body });
};

/** What an approval at each step must bring. */
const brought: Record<string, (today: string, person: string) => object> = {
  'home-verification': (today, person) => ({
    authorisation: { signedOn: today, signedBy: person, document: 'photo-1' },
    risks: ['illness'],
  }),
  'data-comparison': () => ({ caseType: 'marginal' }),
  'village-appraisal': (today) => ({ votes: { heldOn: today, for: 20, against: 1, abstaining: 2 } }),
  'town-review': () => ({}),
  'district-approval': () => ({ helper: { account: 'helper-1', name: '陈帮扶', unit: '镇农业办' } }),
};
const CONTACT = { account: 'contact-1', name: '林联络', unit: '村委会' };

interface Pending {
  id: string;
  procedure: string;
  subject: string;
  household: string;
  step: string;
  roles: string[];
}

/** Somebody decides a pending step: mostly whose turn it is, mostly with consent, sometimes against another at the same moment. */
const decide: Move = async (scene) => {
  const { stage, random } = scene;
  const inbox: Pending[] = await all(stage, '/v1/decisions?region=440904&limit=200');
  const pending = inbox.filter(({ procedure }) => procedure !== 'settlement');
  if (pending.length === 0) return;
  const decision = random.pick(pending);
  const { body: home } = await stage.get(OFFICER, `/v1/households/${decision.household}`);
  const person: string = home?.members?.[0]?.person ?? '';
  const path = `/v1/decisions/${decision.id}`;
  const request = (): Request => ({
    as: someone(scene, decision),
    method: 'POST',
    path,
    body: { verdict: someVerdict(scene, decision, person) },
  });
  if (random.chance(0.15)) await stage.race([request(), request()]);
  else await sendSomehow(scene, request());
};

function someone({ random }: Scene, { roles, household }: Pending) {
  const role = random.chance(0.9) ? random.pick(roles) : random.pick(['village-worker', 'town-officer', 'auditor']);
  const person = random.int(1, 4);
  if (role === 'village-worker') return worker(household.slice(0, 12), person);
  if (role === 'town-officer') return town(household, person);
  return { account: role, person };
}

function someVerdict({ stage, random }: Scene, { step, procedure }: Pending, person: string): object {
  const mood = random.next();
  if (mood < 0.06) return { verdict: 'reject', code: 'not-at-risk', reason: '经核实不符合条件' };
  if (mood < 0.14) return { verdict: 'send-back', to: 'home-verification', reason: '材料不全，请补充' };
  if (procedure === 'admission') return { verdict: 'approve', ...brought[step]?.(stage.today(), person) };
  const votes = step === 'village-appraisal' ? brought[step]?.(stage.today(), person) : {};
  return { verdict: 'approve', ...votes, ...(step === 'district-approval' ? { monitoringContact: CONTACT } : {}) };
}

const object: Move = async (scene) => {
  const { stage, random } = scene;
  const { body } = await stage.get('anybody', `/v1/notices?region=${VILLAGES[0]}`);
  const notices: { id: string }[] = body?.items ?? [];
  if (notices.length === 0) return;
  await sendSomehow(scene, {
    as: 'anybody',
    method: 'POST',
    path: `/v1/notices/${random.pick(notices).id}/objections`,
    body: { text: '该户另有收入来源' },
  });
};

const answer: Move = async (scene) => {
  const { stage, random } = scene;
  const { body } = await stage.get('anybody', `/v1/notices?region=${VILLAGES[0]}`);
  for (const { id } of body?.items ?? []) {
    const { body: objections } = await stage.get(OFFICER, `/v1/notices/${id}/objections`);
    for (const objection of objections?.items ?? [])
      await sendSomehow(scene, {
        as: random.pick([worker(VILLAGES[0], 2), town(VILLAGES[0], 2)]),
        method: 'POST',
        path: `/v1/notices/${id}/objections/${objection.id}/answer`,
        body: { text: '已核实，情况属实' },
      });
  }
};

const help: Move = async (scene) => {
  const { stage, random } = scene;
  const found = await someCase(scene, 'open', 'closing');
  if (found === undefined) return;
  const kind = random.pick(['employment', 'health']);
  const responsible = { account: 'h', name: '陈帮扶', unit: '镇农业办' };
  const as = town(found.household);
  const planned = { key: `measure-${kind}`, kind, plannedOn: stage.today(), responsible, funder: '区人社局' };
  await sendSomehow(scene, { as, method: 'POST', path: `/v1/cases/${found.id}/measures`, body: planned });
  const { body: whole } = await stage.get(OFFICER, `/v1/cases/${found.id}`);
  for (const measure of whole?.measures ?? []) {
    const change =
      measure.status === 'planned'
        ? { to: 'under-way', on: stage.today() }
        : { to: 'completed', on: stage.today(), evidence: ['photo'] };
    await sendSomehow(scene, {
      as,
      method: 'POST',
      path: `/v1/cases/${found.id}/measures/${measure.id}`,
      body: { change },
    });
  }
};

const close: Move = async (scene) => {
  const found = await someCase(scene, 'open');
  if (found === undefined) return;
  const method = scene.random.pick(['assisted', 'natural']);
  const as = town(found.household, 9);
  await sendSomehow(scene, { as, method: 'POST', path: `/v1/cases/${found.id}/closure`, body: { method } });
};

export const reviewMoves: Record<string, [weight: number, Move]> = {
  clue: [4, clue],
  declare: [2, declare],
  decide: [22, decide],
  object: [2, object],
  answer: [4, answer],
  help: [4, help],
  close: [3, close],
};
