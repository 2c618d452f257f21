import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InsuredFamilies } from '../../insured-families.ts';
import { claimOf } from '../../playing-claims.ts';
import { OFFICER, type TestStack } from '../../stack.ts';

let families: InsuredFamilies;
let stack: TestStack;
beforeAll(async () => {
  families = await InsuredFamilies.start(8);
  stack = families.stack;
});
afterAll(() => stack.stop());

describe('a report', () => {
  it('by a hospital has an outcome for each row, and sent again is known', async () => {
    const [one, other] = [families.next(), families.next()];
    const row = ({ idNumber }: { idNumber: string }, number: string) => ({
      idNumber,
      line: 'illness',
      eventOn: '2023-10-20',
      invoices: [{ number, total: 700_000 }],
    });
    const rows = [
      row(one, 'H-0001'),
      { ...row(other, 'H-0002'), line: 'education' },
      row({ idNumber: '44090419990101001X' }, 'H-0003'),
      row(other, 'H-0004'),
    ];
    const feed = () => stack.post('/v1/claim-reports/hospital', OFFICER, { hospital: '区人民医院', rows });
    const { body } = await feed();
    expect(body.items.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
      'reported',
      'refused',
      'refused',
      'reported',
    ]);
    expect(body.items[1].problem.errors[0].pointer).toBe('/rows/1/line');
    // Another officer pushes the same hospital's next bills: what is new is added, what is known is known.
    const again = [...rows];
    again[3] = { ...row(other, 'H-0005') };
    const next = { hospital: '区人民医院', rows: again };
    const added = await stack.post('/v1/claim-reports/hospital', { ...OFFICER, person: 2 }, next);
    expect(added.body.items.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
      'known',
      'refused',
      'refused',
      'added',
    ]);
    const grown = await claimOf(stack, other.household);
    expect(grown).toMatchObject({ claimed: 1_400_000, invoicesBy: ['district-officer-2'] });
    expect((await feed()).body.items.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
      'known',
      'refused',
      'refused',
      'known',
    ]);
  });

  it('by a hospital is foreseen by its check, rows about the same stay and the same bill included', async () => {
    const [one, other] = [families.next(), families.next()];
    const row = ({ idNumber }: { idNumber: string }, ...numbers: string[]) => ({
      idNumber,
      line: 'illness',
      eventOn: '2023-10-21',
      invoices: numbers.map((number) => ({ number, total: 100_000 })),
    });
    const rows = [
      row(one, 'H-0101'),
      row(one, 'H-0101', 'H-0102'), // the same stay goes on
      row(one, 'H-0102'), // which is known by then
      row(other, 'H-0102'), // another person's bill
      row(other, 'H-0103'),
      row(one, 'H-0103'), // again another's
    ];
    const feed = async (more: object, sent = rows) => {
      const { body } = await stack.post('/v1/claim-reports/hospital', OFFICER, {
        hospital: '区医院',
        rows: sent,
        ...more,
      });
      return body.items.map(
        ({ outcome, problem }: { outcome: string; problem?: { code: string } }) => problem?.code ?? outcome,
      );
    };
    const foreseen = await feed({ check: true });
    expect(foreseen).toEqual(['reported', 'added', 'known', 'claim-duplicate', 'reported', 'claim-duplicate']);
    expect(await feed({ check: true })).toEqual(foreseen);
    expect(await feed({})).toEqual(foreseen);
    // Beside claims that stand, too.
    const later = [row(one, 'H-0104'), row(one, 'H-0104'), row(one, 'H-0104', 'H-0105'), row(other, 'H-0105')];
    const next = await feed({ check: true }, later);
    expect(next).toEqual(['added', 'known', 'added', 'claim-duplicate']);
    expect(await feed({}, later)).toEqual(next);
  });
});
