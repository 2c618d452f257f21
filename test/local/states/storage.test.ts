import { describe, expect, it } from 'vitest';
import { AwsError } from '../../../local/errors.ts';
import { Bench, type Call, codeOf } from './harness.ts';

/** A store of objects in memory, in the words `call` has for it. */
class Objects {
  readonly kept = new Map<string, string>();

  answer({ action, input }: Call): unknown {
    const { Key: key, Prefix: prefix = '' } = input;
    if (action === 'PutObject') this.kept.set(String(key), String(input['Body']));
    if (action === 'GetObject') {
      const Body = this.kept.get(String(key));
      if (Body === undefined) throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
      return { Body };
    }
    if (action !== 'ListObjectsV2') return {};
    // Two keys a page.
    const keys = [...this.kept.keys()].filter((one) => one.startsWith(String(prefix))).sort();
    const from = Number(input['ContinuationToken'] ?? 0);
    const Contents = keys.slice(from, from + 2).map((Key) => ({
      Key,
      Size: this.kept.get(Key)?.length,
      ETag: '"tag"',
      LastModified: '2025-01-01T00:00:00.000Z',
      StorageClass: 'STANDARD',
    }));
    return { Contents, ...(from + 2 < keys.length && { NextContinuationToken: String(from + 2) }) };
  }
}

function bench(objects: Objects, more: Partial<ConstructorParameters<typeof Bench>[0]> = {}) {
  return new Bench({ services: new Set(['s3']), stubs: { s3: (call) => objects.answer(call) }, ...more });
}

const READ = 'arn:aws:states:::s3:getObject';
const distributed = (more: object, processor: object = { I: { Type: 'Pass', End: true } }) => ({
  StartAt: 'M',
  States: {
    M: {
      Type: 'Map',
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' },
        StartAt: Object.keys(processor)[0],
        States: processor,
      },
      ...more,
      End: true,
    },
  },
});
const reader = (ReaderConfig: object, Key = 'items') => ({
  ItemReader: { Resource: READ, Arguments: { Bucket: 'b', Key }, ReaderConfig },
});

describe('ItemReader', () => {
  const cases: [string, string, object, unknown[]][] = [
    ['a JSON array', '[1,"two",{"n":3}]', { InputType: 'JSON' }, [1, 'two', { n: 3 }]],
    [
      'a JSON object',
      '{"a":1,"b":2}',
      { InputType: 'JSON' },
      [
        { Key: 'a', Value: 1 },
        { Key: 'b', Value: 2 },
      ],
    ],
    [
      'an array inside a JSON object',
      '{"deep":{"a/b":[1,2]}}',
      { InputType: 'JSON', ItemsPointer: '/deep/a~1b' },
      [1, 2],
    ],
    ['JSON lines', '{"n":1}\n\n{"n":2}\n', { InputType: 'JSONL' }, [{ n: 1 }, { n: 2 }]],
    [
      'a CSV with headers',
      'id,name\r\n1,"Li, ""Wei"""\r\n2,"two\nlines"\r\n',
      { InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW' },
      [
        { id: '1', name: 'Li, "Wei"' },
        { id: '2', name: 'two\nlines' },
      ],
    ],
    [
      'a CSV with headers given',
      '1;a\n2;b',
      { InputType: 'CSV', CSVHeaderLocation: 'GIVEN', CSVHeaders: ['id', 'name'], CSVDelimiter: 'SEMICOLON' },
      [
        { id: '1', name: 'a' },
        { id: '2', name: 'b' },
      ],
    ],
    ['at most so many', '[1,2,3]', { InputType: 'JSON', MaxItems: '{% 1 + 1 %}' }, [1, 2]],
  ];
  it.each(cases)('reads %s', async (_name, body, config, items) => {
    const objects = new Objects();
    objects.kept.set('items', body);
    expect(await bench(objects).run(distributed(reader(config)))).toEqual({ status: 'SUCCEEDED', output: items });
  });

  it('reads a listing, page after page', async () => {
    const objects = new Objects();
    for (const key of ['in/a', 'in/b', 'in/c', 'out/d']) objects.kept.set(key, key);
    const outcome = await bench(objects).run(
      distributed({
        ItemReader: {
          Resource: 'arn:aws:states:::s3:listObjectsV2',
          Arguments: { Bucket: 'b', Prefix: '{% $states.input.prefix %}' },
        },
        ItemSelector: '{% $states.context.Map.Item.Value.Key %}',
      }),
      { prefix: 'in/' },
    );
    expect(outcome).toEqual({ status: 'SUCCEEDED', output: ['in/a', 'in/b', 'in/c'] });
    const [first] = (
      await bench(objects).run(
        distributed({ ItemReader: { Resource: 'arn:aws:states:::s3:listObjectsV2', Arguments: { Bucket: 'b' } } }),
      )
    ).output as unknown[];
    expect(first).toEqual({ Etag: '"tag"', Key: 'in/a', LastModified: 1735689600, Size: 4, StorageClass: 'STANDARD' });
  });

  it('that cannot read fails the run, and a redrive reads again', async () => {
    const objects = new Objects();
    const one = bench(objects);
    one.put('machine', distributed(reader({ InputType: 'JSON' })));
    const arn = await one.start('machine');
    await one.settle();
    expect(await one.describe(arn)).toEqual({
      status: 'FAILED',
      error: 'States.ItemReaderFailed',
      cause: 'The specified key does not exist.',
    });
    expect(await one.types(arn)).toEqual([
      'ExecutionStarted',
      'MapStateEntered',
      'MapStateStarted',
      'MapRunStarted',
      'MapRunFailed',
      'MapStateFailed',
      'ExecutionFailed',
    ]);
    objects.kept.set('items', '{"not":1');
    expect((await one.run(distributed(reader({ InputType: 'JSON' })))).error).toBe('States.ItemReaderFailed');
    objects.kept.set('items', '[7]');
    await one.states.handle('RedriveExecution', { executionArn: arn });
    await one.settle();
    expect(await one.describe(arn)).toEqual({ status: 'SUCCEEDED', output: [7] });
  });
});

describe('ResultWriter', () => {
  const writing = (more: object = {}) => ({
    ResultWriter: {
      Resource: 'arn:aws:states:::s3:putObject',
      Arguments: { Bucket: 'out', Prefix: '{% $states.input.prefix %}' },
      ...more,
    },
  });
  const processor = {
    C: { Type: 'Choice', Choices: [{ Condition: '{% $states.input = 2 %}', Next: 'F' }], Default: 'P' },
    F: { Type: 'Fail', Error: 'Two', Cause: 'is not liked' },
    P: { Type: 'Pass', Output: '{% [$states.input, $states.input * 10] %}', End: true },
  };

  it('writes a manifest and a file for each outcome, and answers with where they are', async () => {
    const objects = new Objects();
    const outcome = await bench(objects).run(
      distributed({ Items: [1, 2, 3], ToleratedFailureCount: 1, ...writing() }, processor),
      {
        prefix: 'runs/',
      },
    );
    const details = outcome.output as { MapRunArn: string; ResultWriterDetails: { Bucket: string; Key: string } };
    const folder = `runs/${details.MapRunArn.split(':').at(-1)}`;
    expect(details.ResultWriterDetails).toEqual({ Bucket: 'out', Key: `${folder}/manifest.json` });
    const read = (name: string) => JSON.parse(objects.kept.get(`${folder}/${name}`) ?? 'null');
    const size = (name: string) => Buffer.byteLength(objects.kept.get(`${folder}/${name}`) ?? '');
    expect(read('manifest.json')).toEqual({
      DestinationBucket: 'out',
      MapRunArn: details.MapRunArn,
      ResultFiles: {
        SUCCEEDED: [{ Key: `${folder}/SUCCEEDED_0.json`, Size: size('SUCCEEDED_0.json') }],
        FAILED: [{ Key: `${folder}/FAILED_0.json`, Size: size('FAILED_0.json') }],
        PENDING: [],
      },
    });
    expect(read('SUCCEEDED_0.json')).toMatchObject([
      { Input: '1', Output: '[1,10]', Status: 'SUCCEEDED', InputDetails: { Included: true } },
      { Input: '3', Output: '[3,30]' },
    ]);
    expect(read('FAILED_0.json')).toMatchObject([
      { Input: '2', Error: 'Two', Cause: 'is not liked', Status: 'FAILED', RedriveStatus: 'REDRIVABLE_BY_MAP_RUN' },
    ]);
  });

  it('writes also when the run fails, in the form asked for', async () => {
    const objects = new Objects();
    const outcome = await bench(objects).run(
      distributed(
        {
          Items: [1, 2],
          MaxConcurrency: 1,
          ...writing({ WriterConfig: { Transformation: 'FLATTEN', OutputType: 'JSONL' } }),
        },
        processor,
      ),
      { prefix: 'x' },
    );
    expect(outcome.error).toBe('States.ExceedToleratedFailureThreshold');
    const body = (name: string) => [...objects.kept].find(([key]) => key.endsWith(name))?.[1];
    expect(body('SUCCEEDED_0.jsonl')).toBe('1\n10\n');
    expect(JSON.parse(body('FAILED_0.jsonl') ?? '')).toMatchObject({ Error: 'Two' });
  });

  it.each([
    [
      'COMPACT',
      [
        [1, 10],
        [3, 30],
      ],
    ],
    ['FLATTEN', [1, 10, 3, 30]],
  ])('shapes the result of the state: %s', async (Transformation, output) => {
    const config = { ResultWriter: { WriterConfig: { Transformation, OutputType: 'JSON' } } };
    expect(await bench(new Objects()).run(distributed({ Items: [1, 3], ...config }, processor))).toEqual({
      status: 'SUCCEEDED',
      output,
    });
  });

  it('tells everything about the children: NONE', async () => {
    const config = { ResultWriter: { WriterConfig: { Transformation: 'NONE', OutputType: 'JSON' } } };
    const outcome = await bench(new Objects()).run(distributed({ Items: [1], ...config }, processor));
    expect(outcome.output).toMatchObject([
      { Input: '1', Output: '[1,10]', Status: 'SUCCEEDED', RedriveCount: 0, StartDate: '2025-01-01T00:00:00.000Z' },
    ]);
  });

  it('that cannot write fails the state', async () => {
    const failing = new Bench({
      services: new Set(['s3']),
      stubs: {
        s3: () => {
          throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404);
        },
      },
    });
    expect(await failing.run(distributed({ Items: [1], ...writing() }, processor), { prefix: 'x' })).toEqual({
      status: 'FAILED',
      error: 'States.ResultWriterFailed',
      cause: 'The specified bucket does not exist',
    });
  });
});

it('is refused by name where storage does not run', async () => {
  const without = new Bench();
  const definitions = [
    [
      "The item reader 'arn:aws:states:::s3:getObject' does not run locally.",
      distributed(reader({ InputType: 'JSON' })),
    ],
    [
      "The result writer 'arn:aws:states:::s3:putObject' does not run locally.",
      distributed({
        Items: [1],
        ResultWriter: { Resource: 'arn:aws:states:::s3:putObject', Arguments: { Bucket: 'b' } },
      }),
    ],
  ] as const;
  for (const [message, definition] of definitions) {
    expect(await codeOf(() => without.put('machine', definition))).toBe('InvalidDefinition');
    expect(() => without.put('machine', definition)).toThrow(message);
  }
  expect(() => bench(new Objects()).put('machine', distributed(reader({ InputType: 'MANIFEST' })))).toThrow(
    /InputType/,
  );
  expect(() => bench(new Objects()).put('machine', distributed({ Items: [1], ResultWriter: {} }))).toThrow(
    /ResultWriter/,
  );
});
