import { expect } from 'vitest';
import type { Clue } from '../../../functions/contracts/cases/case.ts';
import type { Case as CaseRecord } from '../../../functions/contracts/cases/case-record.ts';
import type { Decision, DecisionAnswer } from '../../../functions/contracts/decision.ts';
import { type CaseMoved, takeClue } from '../../../functions/domain/cases/case.ts';
import { changeCase, joinedClueItems, movedCase } from '../../../functions/store/cases/cases.ts';
import {
  type Alert,
  type Declaration,
  handOver,
  keep,
  readDeclaration,
  readUnmatched,
  resolve,
  type UnmatchedClue,
} from '../../../functions/store/cases/clues.ts';
import { answeredObjection, putObjection, type StoredObjection } from '../../../functions/store/cases/notices.ts';
import { answered, ask, readDecision, remark } from '../../../functions/store/decisions.ts';
import { keys } from '../../../functions/store/keys.ts';
import { transact } from '../../../functions/store/table.ts';
import { append, eraseBodies } from '../../../functions/store/timeline.ts';
import {
  type Case,
  fresh,
  freshHousehold,
  lay,
  lying,
  meanwhile,
  once,
  refused,
  refusedAsSent,
  refusedItem,
  takeAway,
} from './writing.ts';

const now = Date.parse('2023-11-01T10:00:00+08:00');
const declared: Clue = Object({ source: 'declaration', id: 'clue-1', at: '2023-11-01' });

/** A case's admission as a clue begins it. */
function begun(household: string): CaseMoved {
  const given = { id: fresh('case'), household, clue: declared, people: 1, caseType: null, now };
  const moved = takeClue(undefined, given);
  if (moved.after === undefined) throw new Error('The clue was not taken.');
  return moved;
}

async function registered(status = 'registered'): Promise<string> {
  const household = freshHousehold();
  await lay({ ...keys.household(household), status, version: 1, doc: '{}' });
  return household;
}

async function running(): Promise<CaseRecord> {
  return await changeCase(undefined, begun(await registered()), now);
}

function closed(found: CaseRecord): CaseMoved {
  return { after: { ...found, stage: 'closed' }, events: [] };
}

function decision(): Decision {
  return Object({ id: fresh('decision'), household: freshHousehold(), dueAt: null });
}
const answer: DecisionAnswer = Object({ verdict: 'agree' });

function objection(): StoredObjection {
  return Object({ id: fresh('objection'), notice: fresh('notice'), text: '有异议' });
}

function unmatched(): UnmatchedClue {
  return Object({ id: fresh('clue'), district: '440904', village: null, at: '2023-11-01' });
}

function declaration(): Declaration {
  return Object({ receipt: fresh('receipt'), village: '440904001001', receivedAt: '2023-11-01' });
}

export const cases: Readonly<Record<string, Case>> = {
  'cases/cases.ts joinedClueItems 1': async () => {
    const [item] = joinedClueItems(await running(), declared);
    if (item === undefined) throw new Error('A declaration leaves an item.');
    await once(item);
  },
  'cases/cases.ts putCase 1': async () => {
    const moved = begun(await registered());
    await lay({ ...keys.case(moved.after.id), version: 7, doc: '{}' });
    await refused(changeCase(undefined, { ...moved, after: { ...moved.after, stage: 'closed' }, events: [] }, now));
  },
  'cases/cases.ts putCase 2': async () => {
    const before = await running();
    const change = { after: before, events: [] };
    await changeCase(before, change, now);
    await refused(changeCase(before, change, now));
    await refused(transact(movedCase({ ...before, head: null }, freshHousehold(), now)));
  },
  'cases/cases.ts carried 1': async () => {
    // None is there; one has gone; one carries another case; one carries none any more.
    await refused(changeCase(undefined, begun(freshHousehold()), now));
    await refused(changeCase(undefined, begun(await registered('cancelled')), now));
    const taken = await running();
    await refused(changeCase(undefined, begun(taken.household), now));
    const carried = await running();
    const item = await lying(keys.household(carried.household));
    await lay({ ...item, activeCase: 'another' });
    await refused(changeCase(carried, closed(carried), now));
    await takeAway(keys.household(carried.household));
    await refused(changeCase(carried, closed(carried), now));
    // Not one that stands in no register at all, even where nothing would be carried by it.
    await refused(changeCase({ ...carried, stage: 'closed' }, { after: carried, events: [] }, now));
  },
  'cases/clues.ts handOver 1': async () => {
    await refusedAsSent(handOver(fresh('receipt'), { by: 'one', at: '2023-11-01' }));
  },
  'cases/clues.ts keep 1': async () => {
    const one = declaration();
    expect(await keep({ declaration: one }, undefined)).toBe(true);
    expect(await keep({ declaration: { ...one, trouble: 'housing' } }, undefined)).toBe(false);
    expect(await readDeclaration(one.receipt)).toEqual(one);
  },
  'cases/clues.ts putUnmatched 1': async () => {
    const clue = unmatched();
    const alert = (): Alert => Object({ clue: fresh('clue'), on: '2023-11-01' });
    expect(await keep({ alert: alert(), district: '440904' }, clue)).toBe(true);
    await resolve(clue, { household: null, by: 'one', at: '2023-11-02' });
    expect(await keep({ alert: alert(), district: '440904' }, clue)).toBe(false);
    expect((await readUnmatched(clue.id))?.resolved).toBeNull();
  },
  'cases/clues.ts resolve 1': async () => {
    const clue = unmatched();
    await keep({ alert: Object({ clue: fresh('clue'), on: '2023-11-01' }), district: '440904' }, clue);
    await resolve(clue, { household: null, by: 'one', at: '2023-11-02' });
    await refused(resolve(clue, { household: 'x', by: 'another', at: '2023-11-02' }));
  },
  'cases/notices.ts objectionItem 1': async () => {
    const raised = objection();
    const given = { by: 'one', at: '2023-11-02', text: '经核实，不成立' };
    await refusedItem(answeredObjection(raised, given));
    await once(putObjection(raised));
    await once(answeredObjection(raised, given));
    await refusedItem(putObjection(raised));
  },
  'decisions.ts ask 1': async () => {
    const asked = decision();
    await ask(asked, 'token');
    await transact([answered(asked, answer)]);
    expect((await ask(asked, 'later')).answer).toEqual(answer);
    expect((await lying(keys.decision(asked.id)))?.['token']).toBe('token');
  },
  'decisions.ts remark 1': async () => {
    const asked = decision();
    await remark(asked);
    expect(await readDecision(asked.id)).toBeUndefined();
    await ask(asked, 'token');
    await transact([answered(asked, answer)]);
    await remark({ ...asked, dueAt: '2024-01-01T00:00:00Z' });
    expect((await readDecision(asked.id))?.decision.dueAt).toBeNull();
  },
  'decisions.ts answered 1': async () => {
    const asked = decision();
    await refusedItem(answered(asked, answer));
    await ask(asked, 'token');
    await once(answered(asked, answer));
  },
  'timeline.ts eraseBodies 1': async () => {
    const pk = fresh('CASE#case');
    const item = (link: string) => ({ pk, sk: 'EVENT#000001', link, body: '{"salt":"","body":{}}' });
    await lay(item('{"kind":"case-opened","sequence":1}'));
    const other = item('{"kind":"case-opened","sequence":1,"at":"another"}');
    await refused(
      meanwhile(
        () => lay(other),
        () => eraseBodies(pk, () => true),
      ),
    );
    expect(await lying({ pk, sk: other.sk })).toEqual(other);
  },
  'timeline.ts append 1': async () => {
    const id = fresh('subject');
    const subject = { id, pk: keys.case(id).pk };
    const first = append(subject, null, '2023-11-01T00:00:00Z', [{ kind: 'begun', body: {} }]);
    await transact(first.items);
    // Whoever did not see the first link would write another in its place.
    await refused(transact(append(subject, null, '2023-11-02T00:00:00Z', [{ kind: 'else', body: {} }]).items));
  },
};
