import { describe, expect, it } from 'vitest';
import { FIRST_YEAR } from '../../../functions/contracts/insurance/policy.ts';
import { enrol, rosterFault } from '../../../functions/domain/insurance/roster.ts';

describe('the days of a row', () => {
  const first = `${FIRST_YEAR}-01-01`;
  const policy = { to: '2023-12-31' };

  it.each([
    [{ enrolledOn: first }, undefined],
    [{ enrolledOn: `${FIRST_YEAR - 1}-12-31` }, { code: 'enrolled-before-any-policy', field: 'enrolledOn' }],
    [{ enrolledOn: '2023-12-31' }, undefined],
    [{ enrolledOn: '2024-01-01' }, { code: 'enrolled-after-policy', field: 'enrolledOn' }],
    // Taken off on the day: never covered, as insurers send who was put on by mistake.
    [{ enrolledOn: '2023-05-01', removedOn: '2023-05-01' }, undefined],
    [{ enrolledOn: '2023-05-01', removedOn: '2023-05-02' }, undefined],
    [
      { enrolledOn: '2023-05-01', removedOn: '2023-04-30' },
      { code: 'removed-before-enrolled', field: 'removedOn' },
    ],
  ])('%o', (row, fault) => {
    expect(rosterFault(row, policy)).toEqual(fault);
  });
});

describe('a row of the roster', () => {
  const [THEN, NOW] = ['2023-01-02T02:00:00.000Z', '2023-06-01T02:00:00.000Z'];
  const held = (certificate: string, changes: object = {}) => ({
    ...{ certificate, enrolledOn: '2023-01-01', recordedAt: THEN },
    ...changes,
  });
  const row = (certificate: string, changes: object = {}) => ({ certificate, enrolledOn: '2023-01-01', ...changes });
  const removedOn = '2023-05-31';
  const removed = { removedOn, removalRecordedAt: NOW };

  it('of a certificate that is new is one cover more, with its end if it has one', () => {
    const more = { certificate: 'C-2', enrolledOn: '2023-03-01' };
    expect(enrol([held('C-1')], more, NOW)).toEqual({
      covers: [held('C-1'), { ...more, recordedAt: NOW }],
      outcome: 'enrolled',
    });
    const ended = enrol([], { ...more, removedOn }, NOW);
    expect(ended).toEqual({ covers: [{ ...more, removedOn, recordedAt: NOW }], outcome: 'enrolled' });
    expect(Object.keys(enrol([], more, NOW)?.covers[0] ?? {})).toEqual(['certificate', 'enrolledOn', 'recordedAt']);
  });

  it('that ends a cover ends that one alone, and keeps when it came in', () => {
    expect(enrol([held('C-1'), held('C-2')], row('C-2', { removedOn }), NOW)).toEqual({
      covers: [held('C-1'), held('C-2', removed)],
      outcome: 'removed',
    });
  });

  it('repeated changes nothing', () => {
    for (const covers of [[held('C-1'), held('C-2')], [held('C-1', removed)]]) {
      const again = row('C-1', covers.length === 1 ? { removedOn } : {});
      expect(enrol(covers, again, NOW)).toEqual({ covers, outcome: 'unchanged' });
    }
  });

  it('is refused when it says another day of the same certificate, or takes an end back', () => {
    expect(enrol([held('C-1')], row('C-1', { enrolledOn: '2023-01-02' }), NOW)).toBeUndefined();
    expect(enrol([held('C-1', removed)], row('C-1', { removedOn: '2023-06-30' }), NOW)).toBeUndefined();
    expect(enrol([held('C-1', removed)], row('C-1'), NOW)).toBeUndefined();
  });
});
