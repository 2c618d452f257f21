import { describe, expect, it } from 'vitest';
import { checkKeyRange } from '../../local/dynamodb/key-range.ts';

const begins = 'pk = :pk AND begins_with(sk, :a)';
const between = '#open = :pk AND #sort BETWEEN :a AND :b';
const names = { '#open': 'open', '#sort': 'openSort' };

function asked(condition: string, texts: Record<string, string>, start?: Record<string, string>): () => void {
  const given = (all: Record<string, string>, mark: string) =>
    Object.fromEntries(Object.entries(all).map(([name, S]) => [`${mark}${name}`, { S }]));
  const ExclusiveStartKey = start === undefined ? {} : { ExclusiveStartKey: given(start, '') };
  return () =>
    checkKeyRange({
      KeyConditionExpression: condition,
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: given(texts, ':'),
      ...ExclusiveStartKey,
    });
}

describe('a Query may begin', () => {
  it.each([
    [begins, { pk: 'P', a: '44' }, undefined],
    [begins, { pk: 'P', a: '44' }, { pk: 'P', sk: '44' }],
    [begins, { pk: 'P', a: '44' }, { pk: 'P', sk: '4409#x' }],
    [between, { pk: 'O', a: 'b', b: 'd' }, { open: 'O', openSort: 'd', pk: 'P', sk: 'x' }],
    [between, { pk: 'O', a: 'b', b: 'd' }, { open: 'O', openSort: 'b', pk: 'P', sk: 'x' }],
    ['pk = :pk AND sk > :a', { pk: 'P', a: 'm' }, { pk: 'P', sk: 'n' }],
    ['pk = :pk AND sk <= :a', { pk: 'P', a: 'm' }, { pk: 'P', sk: 'm' }],
  ])('%s of %j at %j', (condition, texts, start) => {
    expect(asked(condition, texts, start)).not.toThrow();
  });

  it.each([
    [begins, { pk: 'P', a: '44' }, { pk: 'P', sk: '43' }, /outside query boundaries/],
    [begins, { pk: 'P', a: '44' }, { pk: 'P', sk: '45' }, /outside query boundaries/],
    [begins, { pk: 'P', a: '44' }, { pk: 'Q', sk: '44' }, /outside query boundaries/],
    [begins, { pk: 'P', a: '44' }, { pk: 'P', sk: '' }, /empty string value. Key: sk/],
    [begins, { pk: 'P', a: '' }, undefined, /empty string value. Key: sk/],
    [begins, { pk: '', a: '44' }, undefined, /empty string value. Key: pk/],
    [between, { pk: 'O', a: 'b', b: 'd' }, { open: 'O', openSort: 'e' }, /outside query boundaries/],
    [between, { pk: 'O', a: 'b', b: 'd' }, { open: 'O', openSort: 'a' }, /outside query boundaries/],
    // By bytes, where a half of a character would come first.
    [between, { pk: 'O', a: 'b', b: '\u{ff5e}' }, { open: 'O', openSort: '\u{1f600}' }, /outside query boundaries/],
    ['pk = :pk AND sk < :a', { pk: 'P', a: 'm' }, { pk: 'P', sk: 'm' }, /outside query boundaries/],
  ])('but not %s of %j at %j', (condition, texts, start, message) => {
    expect(asked(condition, texts, start)).toThrow(message);
  });
});
