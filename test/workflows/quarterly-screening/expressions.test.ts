import jsonata from 'jsonata';
import { describe, expect, it } from 'vitest';
import {
  checkedCounts,
  openingInput,
  screenedCounts,
} from '../../../infra/workflows/quarterly-screening/expressions.ts';

/** Evaluates as Step Functions does: the text between the marks, `$states` bound. */
function evaluate(expression: string, states: object): Promise<unknown> {
  return jsonata(expression.replace(/^\{%\s*|\s*%\}$/g, '')).evaluate({}, { states });
}

describe('expressions of the quarterly screening', () => {
  const context = {
    Execution: { Id: 'arn:x' },
    State: { Name: 'Open round', EnteredTime: '2023-10-11T01:00:00.000Z' },
  };
  const asked = { enteredAt: context.State.EnteredTime, calledBy: { execution: 'arn:x', state: 'Open round' } };

  it('the opening is told the caller’s input and who asks', async () => {
    expect(await evaluate(openingInput, { input: { round: '2023Q4', openedBy: 'o' }, context })).toEqual({
      round: '2023Q4',
      openedBy: 'o',
      execution: 'arn:x',
      ...asked,
    });
    expect(await evaluate(openingInput, { input: { scheduledAt: 't' }, context })).toEqual({
      scheduledAt: 't',
      execution: 'arn:x',
      ...asked,
    });
  });

  it('the counts of the children are summed, one child or many', async () => {
    expect(
      await evaluate(screenedCounts, {
        result: [
          { villages: 20, rows: 500 },
          { villages: 9, rows: 7 },
        ],
      }),
    ).toEqual({ villages: 29, rows: 507 });
    expect(await evaluate(screenedCounts, { result: [{ villages: 1, rows: 2 }] })).toEqual({ villages: 1, rows: 2 });
    const checked = [
      { villages: 20, found: 3, corrected: 1 },
      { villages: 9, found: 0, corrected: 2 },
    ];
    expect(await evaluate(checkedCounts, { result: checked })).toEqual({ villages: 29, found: 3, corrected: 3 });
  });
});
