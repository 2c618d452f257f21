import { agree, pendingOf } from '../../playing-cases.ts';
import { OFFICER, TestStack } from '../../stack.ts';

/**
 * A review played to its end in a process that a test can kill: with KILL_EVENT it ends itself by SIGKILL right after that event
 * of the workflow's history, or the next one there is, was committed. Started again it plays on from where the case stands. The
 * first step is left lying until it is escalated, and an objection is answered only when the notice has ended, so that every state is passed.
 */
const killAt = Number(process.env['KILL_EVENT'] ?? Number.NaN);
const subject = process.env['CASE'] ?? '';
const procedure = process.env['PROCEDURE'] ?? '';
const stack = await TestStack.start({
  data: process.env['DATA'] ?? '',
  onEvent: ({ executionArn, id }) => {
    if (executionArn.includes(`case-${procedure}`) && id >= killAt) process.kill(process.pid, 'SIGKILL');
  },
});
const path = `/v1/cases/${subject}`;
const { body: begun } = await stack.get(path, OFFICER);
const { body: household } = await stack.get(`/v1/households/${begun.household}`, OFFICER);

for (;;) {
  await stack.settle(301);
  const { body: now } = await stack.get(path, OFFICER);
  if (now.review === null) break;
  const pending = await pendingOf(stack, subject);
  if (now.review.step === 'public-notice') await throughNotice(pending !== undefined);
  else if (pending === undefined) continue;
  else if (pending.step === 'home-verification' && pending.escalatedAt === null) await stack.settle(4 * 86_400);
  else await agree(stack, subject, household);
}

async function throughNotice(ended: boolean): Promise<void> {
  const { body } = await stack.call('GET', '/v1/notices?region=440904', '');
  const [notice] = body.items;
  if (notice !== undefined)
    await stack.call('POST', `/v1/notices/${notice.id}/objections`, '', JSON.stringify({ text: '该户有车有房' }));
  if (!ended) return await stack.settle(6 * 86_400);
  const { body: detail } = await stack.get(path, OFFICER);
  const published = detail.timeline.findLast(({ kind }: { kind: string }) => kind === 'notice-published');
  const answers = `/v1/notices/${published.body.notice}/objections`;
  const { body: objections } = await stack.get(answers, OFFICER);
  for (const { id } of objections.items)
    await stack.post(`${answers}/${id}/answer`, { account: 'town-officer' }, { text: '经核实，异议不成立' });
}

const { body: ended } = await stack.get(path, OFFICER);
process.send?.({
  stage: ended.stage,
  kinds: ended.timeline.map(({ kind }: { kind: string }) => kind),
  decided: ended.timeline.flatMap(({ kind, body }: { kind: string; body: { step: string; by: string } }) =>
    kind === 'step-decided' ? [`${body.step} ${body.by}`] : [],
  ),
  openCase: (await stack.get(`/v1/households/${begun.household}`, OFFICER)).body.openCase,
  inbox: (await stack.get('/v1/decisions?region=440904', OFFICER)).body.total,
});
await stack.stop({ keep: true });
process.exit(0);
