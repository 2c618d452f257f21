import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InsuredFamilies, reportOf } from '../../insured-families.ts';
import { OTHER_VILLAGE, WORKER } from '../../playing-households.ts';
import type { Answer, TestStack } from '../../stack.ts';

let families: InsuredFamilies;
let stack: TestStack;
beforeAll(async () => {
  families = await InsuredFamilies.start(4);
  ({ stack } = families);
});
afterAll(() => stack.stop());

describe('a payee', () => {
  it('is the insured person also where they have left the household since, under their name; nobody else who left', async () => {
    const who = families.next();
    const [parent, child] = who.people;
    if (parent === undefined || child === undefined) throw new Error('The family is not whole.');
    const ofChild = reportOf({ household: who.household, person: child.person });
    const claims = [ofChild, reportOf(who)].map((body) => stack.post('/v1/claims', WORKER, body));
    const [theirs, parents] = await Promise.all(claims);
    const split = { kind: 'split', on: '2023-11-01', number: '0991', persons: [child.person], head: child.person };
    await families.change(who.household, split);
    const pay = (claim: Answer | undefined, { person, name }: { person: string; name: string }) =>
      stack.post(`/v1/claims/${claim?.body.id}/payee`, WORKER, {
        kind: 'member',
        person,
        name,
        bank: '示例银行',
        account: '6217000000000000999',
      });
    const listed = (claim: Answer | undefined) => stack.get(`/v1/claims/${claim?.body.id}/payees`, WORKER);
    const [inVillage, away] = [parent, child].map(({ person, name }) => ({ person, name }));
    expect((await listed(theirs)).body.items).toEqual([inVillage, away]);
    expect((await listed(parents)).body.items).toEqual([inVillage]);
    expect((await pay(theirs, { ...child, name: parent.name })).body.code).toBe('payee-name-differs');
    expect((await pay(theirs, child)).status).toBe(200);
    expect((await pay(theirs, parent)).status).toBe(200);
    expect((await pay(parents, child)).body.code).toBe('person-not-member');
  });

  it('is nobody who died where the household has moved to since', async () => {
    const who = families.next();
    const [parent, child] = who.people;
    if (parent === undefined || child === undefined) throw new Error('The family is not whole.');
    const answer = await stack.post('/v1/claims', WORKER, reportOf(who, { line: 'disaster' }));
    await families.change(who.household, { kind: 'move', on: '2023-11-01', village: OTHER_VILLAGE, number: '0992' });
    await families.change(`${OTHER_VILLAGE}-0992`, { kind: 'death', on: '2023-11-10', person: child.person });
    const pay = ({ person, name }: { person: string; name: string }) =>
      stack.post(`/v1/claims/${answer.body.id}/payee`, WORKER, {
        kind: 'member',
        person,
        name,
        bank: '示例银行',
        account: '6217000000000000999',
      });
    expect((await pay(child)).body.code).toBe('person-not-member');
    const listed = await stack.get(`/v1/claims/${answer.body.id}/payees`, WORKER);
    expect(listed.body.items).toEqual([{ person: parent.person, name: parent.name }]);
    expect((await pay(parent)).status).toBe(200);
  });

  it('is not the insured person either, once it is recorded that they died; whom a claim may be paid to is told the village of the household only', async () => {
    const who = families.next();
    const [parent, child] = who.people;
    if (parent === undefined || child === undefined) throw new Error('The family is not whole.');
    const claim = await stack.post('/v1/claims', WORKER, reportOf({ household: who.household, person: child.person }));
    await families.change(who.household, { kind: 'death', on: '2023-11-10', person: child.person });
    const path = `/v1/claims/${claim.body.id}/payees`;
    expect((await stack.get(path, WORKER)).body.items).toEqual([{ person: parent.person, name: parent.name }]);
    expect((await stack.get(path, { account: 'village-worker', region: OTHER_VILLAGE })).status).toBe(404);
    expect((await stack.get(path, { account: 'insurer-adjuster' })).status).toBe(403);
  });
});
