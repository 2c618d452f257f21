import { describe, expect, it } from 'vitest';
import { Bench, codeOf, codesInSources, invoke, ROLE } from './harness.ts';

const ONE = JSON.stringify({ QueryLanguage: 'JSONata', StartAt: 'A', States: { A: { Type: 'Succeed' } } });

const pass = (more: object) => ({ StartAt: 'A', States: { A: { Type: 'Pass', ...more, End: true } } });
const task = (more: object) => ({ StartAt: 'A', States: { A: { ...invoke('work', {}, { End: true }), ...more } } });
const map = (more: object, config: object = { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' }) => ({
  StartAt: 'M',
  States: {
    M: {
      Type: 'Map',
      ItemProcessor: { ProcessorConfig: config, StartAt: 'P', States: { P: { Type: 'Succeed' } } },
      ...more,
      End: true,
    },
  },
});

/** Definitions that are refused, with where and a part of why. */
const REFUSED: Readonly<
  Record<string, readonly (readonly [string | undefined, RegExp, object | string, 'EXPRESS'?])[]>
> = {
  INVALID_JSON_DESCRIPTION: [[undefined, /./, '{"a":']],
  SCHEMA_VALIDATION_FAILED: [
    [undefined, /Definition must be a valid JSON object/, ''],
    [undefined, /Definition must be a valid JSON object/, '[]'],
    ['/', /^These fields are required: \[States, StartAt\]$/, {}],
    ['/', /Field 'Extra' is not supported/, { ...pass({}), Extra: 1 }],
    ['/States', /Object cannot be empty/, { StartAt: 'A', States: {} }],
    ['/TimeoutSeconds', /Expected value of type \[INTEGER\]/, { ...pass({}), TimeoutSeconds: '5' }],
    ['/States/A', /set 'QueryLanguage' to 'JSONata'/, { QueryLanguage: 'JSONPath', ...pass({}) }],
    [
      '/States/A',
      /^'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine$/,
      pass({ QueryLanguage: 'JSONPath' }),
    ],
    ['/States/A', /field 'ResultPath' is only supported for the 'JSONPath' QueryLanguage/, pass({ ResultPath: '$' })],
    ['/States/A', /Field 'Seconds' is not supported/, pass({ Seconds: 1 })],
    ['/States/A/Assign', /Variable name 'states' is reserved/, pass({ Assign: { states: 1 } })],
    ['/States/A/Assign', /Variable name '1a' is not valid/, pass({ Assign: { '1a': 1 } })],
    ['/States/A', /\[Next, End\]/, { StartAt: 'A', States: { A: { Type: 'Pass' }, B: { Type: 'Succeed' } } }],
    ['/States/A', /Only one of the following fields is allowed: \[Next, End\]/, pass({ Next: 'A' })],
    ['/States/A/Type', /Value should be one of the following/, pass({ Type: 'Other' })],
    [
      `/States/${'x'.repeat(81)}`,
      /longer than 80 characters/,
      { StartAt: 'A', States: { A: { Type: 'Pass', Next: 'x'.repeat(81) }, ['x'.repeat(81)]: { Type: 'Succeed' } } },
    ],
    ['/States/A', /Exactly one of the following fields is required: \[Seconds, Timestamp\]/, pass({ Type: 'Wait' })],
    [
      '/States/A/Timestamp',
      /^String does not match RFC3339 timestamp$/,
      pass({ Type: 'Wait', Timestamp: '2016-12-05 21:29:29Z' }),
    ],
    [
      '/States/A/Timestamp',
      /^String does not match RFC3339 timestamp$/,
      pass({ Type: 'Wait', Timestamp: '2016-13-05T21:29:29Z' }),
    ],
    ['/States/A/Seconds', /greater than or equal to 0/, pass({ Type: 'Wait', Seconds: -1 })],
    ['/States/A/Seconds', /less than or equal to 99999999/, pass({ Type: 'Wait', Seconds: 100_000_000 })],
    [
      '/States/A/Choices',
      /Array cannot be empty/,
      { StartAt: 'A', States: { A: { Type: 'Choice', Choices: [], Default: 'B' }, B: { Type: 'Succeed' } } },
    ],
    [
      '/States/A/Choices[0]/Condition',
      /\[BOOLEAN\] or a JSONata expression/,
      {
        StartAt: 'A',
        States: { A: { Type: 'Choice', Choices: [{ Condition: 'yes', Next: 'B' }] }, B: { Type: 'Succeed' } },
      },
    ],
    ['/States/A/Resource', /is not recognized/, task({ Resource: 'work' })],
    ['/States/A/Resource', /does not run locally/, task({ Resource: 'arn:aws:states:::sns:publish' })],
    [
      '/States/A/HeartbeatSeconds',
      /must be smaller than TimeoutSeconds/,
      task({ TimeoutSeconds: 5, HeartbeatSeconds: 5 }),
    ],
    [
      '/States/A/Resource',
      /^Express state machine does not support '.waitForTaskToken' service integration $/,
      task({ Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken' }),
      'EXPRESS',
    ],
    ['/States/A/Retry[0]', /These fields are required: \[ErrorEquals\]/, task({ Retry: [{}] })],
    ['/States/A/Retry[0]/ErrorEquals', /must appear alone/, task({ Retry: [{ ErrorEquals: ['States.ALL', 'X'] }] })],
    [
      '/States/A/Retry[0]/ErrorEquals',
      /must appear in the last element/,
      task({ Retry: [{ ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['X'] }] }),
    ],
    [
      '/States/A/Retry[0]/BackoffRate',
      /greater than or equal to 1/,
      task({ Retry: [{ ErrorEquals: ['X'], BackoffRate: 0.5 }] }),
    ],
    [
      '/States/A/Retry[0]/JitterStrategy',
      /\[NONE, FULL\]/,
      task({ Retry: [{ ErrorEquals: ['X'], JitterStrategy: 'SOME' }] }),
    ],
    ['/States/A/Catch[0]/ErrorEquals', /Array cannot be empty/, task({ Catch: [{ ErrorEquals: [], Next: 'A' }] })],
    ['/States/M/ItemProcessor/ProcessorConfig', /\[ExecutionType\]/, map({}, { Mode: 'DISTRIBUTED' })],
    ['/States/M', /only supported in the 'DISTRIBUTED' mode/, map({ Label: 'a' }, { Mode: 'INLINE' })],
    ['/States/M/ToleratedFailurePercentage', /100/, map({ ToleratedFailurePercentage: 101 }, { Mode: 'INLINE' })],
    ['/States/M', /Express state machine does not support Distributed Map/, map({}), 'EXPRESS'],
    [
      '/States/M',
      /\[Items, ItemReader\]/,
      map({ Items: [1], ItemReader: { Resource: 'arn:aws:states:::s3:getObject', Arguments: {} } }),
    ],
    ['/States/M/Items', /\[ARRAY\], \[OBJECT\] or a JSONata expression/, map({ Items: 'all' })],
    ['/States/M/ItemBatcher', /MaxItemsPerBatch, MaxInputBytesPerBatch/, map({ ItemBatcher: {} })],
    ['/States/M/Label', /not a valid label/, map({ Label: 'a b' })],
    [
      '/States/N/Label',
      /used more than once/,
      {
        StartAt: 'M',
        States: { M: { ...map({ Label: 'L', Next: 'N' }).States.M, End: false }, N: map({ Label: 'L' }).States.M },
      },
    ],
    [
      '/States/P/Branches[0]/States/B/Assign',
      /Variable 'x' is already assigned in an outer scope/,
      {
        StartAt: 'A',
        States: {
          A: { Type: 'Pass', Assign: { x: 1 }, Next: 'P' },
          P: {
            Type: 'Parallel',
            Branches: [{ StartAt: 'B', States: { B: { Type: 'Pass', Assign: { x: 2 }, End: true } } }],
            End: true,
          },
        },
      },
    ],
  ],
  DUPLICATE_STATE_NAME: [
    [
      '/States/P/Branches[0]/States/P',
      /used more than once/,
      {
        StartAt: 'P',
        States: {
          P: { Type: 'Parallel', Branches: [{ StartAt: 'P', States: { P: { Type: 'Succeed' } } }], End: true },
        },
      },
    ],
  ],
  MISSING_TRANSITION_TARGET: [
    ['/StartAt', /Missing 'Next' target: B/, { ...pass({}), StartAt: 'B' }],
    [
      '/States/A/Next',
      /Missing 'Next' target: B/,
      { StartAt: 'A', States: { A: { Type: 'Pass', Next: 'B' }, C: { Type: 'Succeed' } } },
    ],
    ['/States/C', /not reachable/, { StartAt: 'A', States: { A: { Type: 'Succeed' }, C: { Type: 'Succeed' } } }],
    ['/States/A/Catch[0]/Next', /Missing 'Next' target: B/, task({ Catch: [{ ErrorEquals: ['X'], Next: 'B' }] })],
  ],
  MISSING_END_STATE: [
    [
      '/States',
      /no terminal state/,
      { StartAt: 'A', States: { A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Pass', Next: 'A' } } },
    ],
  ],
  INVALID_JSONATA_EXPRESSION: [
    ['/States/A/Output', /./, pass({ Output: '{% 1 + %}' })],
    ['/States/A/Assign/v/deep[0]', /./, pass({ Assign: { v: { deep: ['{% ( %}'] } } })],
  ],
  UNSUPPORTED_JSONATA_EXPRESSION: [
    ['/States/A/Output', /'\$eval' is not supported/, pass({ Output: "{% $eval('1') %}" })],
    ['/States/A/Output', /'name' at the top level/, pass({ Output: '{% name %}' })],
    ['/States/A/Output', /'\$\$' is not supported/, pass({ Output: '{% $$.a %}' })],
    ['/States/A/Output', /'\$' at the top level/, pass({ Output: '{% $ %}' })],
    ['/States/A/Output', /\$states\.errorOutput/, pass({ Output: '{% $states.errorOutput %}' })],
    ['/States/A/Output', /\$states\.errorOutput/, task({ Output: '{% $states.errorOutput.Error %}' })],
    ['/States/A/Output', /\$states\.result/, pass({ Output: '{% $states.result %}' })],
    [
      '/States/A/Arguments/Payload',
      /\$states\.result/,
      task({ Arguments: { FunctionName: 'f', Payload: '{% $states.result %}' } }),
    ],
    [
      '/States/A/Catch[0]/Output',
      /\$states\.result/,
      {
        StartAt: 'A',
        States: {
          A: {
            ...invoke('f', {}, { End: true }),
            Catch: [{ ErrorEquals: ['X'], Output: '{% $states.result %}', Next: 'B' }],
          },
          B: { Type: 'Succeed' },
        },
      },
    ],
    [
      '/States/A/Choices[0]/Condition',
      /\$states\.result/,
      {
        StartAt: 'A',
        States: {
          A: { Type: 'Choice', Choices: [{ Condition: '{% $states.result = 1 %}', Next: 'B' }] },
          B: { Type: 'Succeed' },
        },
      },
    ],
    ['/States/M/ItemSelector', /\$states\.result/, map({ ItemSelector: '{% $states.result %}' })],
  ],
};

describe('refused definitions', () => {
  it('have a case for each code', () => {
    const codes = [
      ...codesInSources(/diagnostics\.add\(\s*'([A-Z_]+)'/g),
      ...codesInSources(/new ExpressionError\(\s*'([A-Z_]+)'/g),
    ];
    expect([...new Set(codes)].sort()).toEqual(Object.keys(REFUSED).sort());
  });

  const cases = Object.entries(REFUSED).flatMap(([code, list]) =>
    list.map(([location, message, definition, type]) => ({ code, location, message, definition, type })),
  );
  it.each(cases)('$code at $location: $message', async ({ code, location, message, definition, type }) => {
    const text =
      typeof definition === 'string' ? definition : JSON.stringify({ QueryLanguage: 'JSONata', ...definition });
    const told = await new Bench().states.handle('ValidateStateMachineDefinition', {
      definition: text,
      ...(type !== undefined && { type }),
    });
    expect(told['result']).toBe('FAIL');
    expect(told['diagnostics']).toContainEqual(
      expect.objectContaining({
        severity: 'ERROR',
        code,
        message: expect.stringMatching(message),
        ...(location !== undefined && { location }),
      }),
    );
    expect(
      await codeOf(
        new Bench().states.handle('CreateStateMachine', {
          name: 'n',
          definition: text === '' ? ' ' : text,
          roleArn: ROLE,
          ...(type !== undefined && { type }),
        }),
      ),
    ).toBe('InvalidDefinition');
  });

  it('are told as many as asked for', async () => {
    const definition = JSON.stringify({
      QueryLanguage: 'JSONata',
      StartAt: 'A',
      States: { A: { Type: 'Pass', X: 1, Y: 2, Z: 3, End: true } },
    });
    const told = await new Bench().states.handle('ValidateStateMachineDefinition', { definition, maxResults: 2 });
    expect(told).toMatchObject({ result: 'FAIL', truncated: true, diagnostics: [{}, {}] });
    expect(await new Bench().states.handle('ValidateStateMachineDefinition', { definition: ONE })).toEqual({
      result: 'OK',
      diagnostics: [],
      truncated: false,
    });
  });
});
