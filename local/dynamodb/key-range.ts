import { AwsError } from '../errors.ts';
import { isRecord } from '../template/stack.ts';

type Input = Record<string, unknown>;

const OUTSIDE = 'The provided starting key is outside query boundaries based on provided conditions';
const EMPTY = (key: string): string =>
  `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: ${key}`;

/** The comparisons of a key condition: `pk = :pk`, `begins_with(sk, :prefix)`, `sk BETWEEN :first AND :last`. */
const TERMS =
  /begins_with\s*\(\s*(?<begins>[#\w]+)\s*,\s*(?<prefix>:\w+)\s*\)|(?<key>[#\w]+)\s*(?:(?<sign>[<>]=?|=)\s*(?<value>:\w+)|BETWEEN\s+(?<first>:\w+)\s+AND\s+(?<last>:\w+))/g;

/**
 * Refuses of a Query what DynamoDB refuses and the engine lets through: an empty text in the key condition, and a start that lies outside of it. Without this
 * a page that begins before the first item is read here and fails every time on AWS.
 * @throws AwsError ValidationException
 */
export function checkKeyRange(input: Input): void {
  const condition = input['KeyConditionExpression'];
  if (typeof condition !== 'string') return;
  const [names, values] = [fields(input['ExpressionAttributeNames']), fields(input['ExpressionAttributeValues'])];
  const start = input['ExclusiveStartKey'] === undefined ? undefined : fields(input['ExclusiveStartKey']);
  const nameOf = (token: string): string => (token.startsWith('#') ? String(names[token]) : token);
  for (const [key, value] of Object.entries(start ?? {})) if (textOf(value) === '') throw refused(EMPTY(key));
  for (const { groups = {} } of condition.matchAll(TERMS)) {
    const { begins, prefix, key, sign, value, first, last } = groups;
    const name = nameOf(begins ?? key ?? '');
    const bounds = [prefix, value, first, last].flatMap((token) =>
      token === undefined ? [] : [textOf(values[token])],
    );
    if (bounds.includes('')) throw refused(EMPTY(name));
    const at = start === undefined ? undefined : textOf(start[name]);
    const [one, other] = bounds;
    // Numbers and bytes are left to the engine.
    if (at === undefined || one === undefined) continue;
    const holds =
      begins !== undefined
        ? at.startsWith(one)
        : sign === undefined
          ? compare(at, one) >= 0 && (other === undefined || compare(at, other) <= 0)
          : isOn(sign, compare(at, one));
    if (!holds) throw refused(OUTSIDE);
  }
}

function isOn(sign: string, compared: number): boolean {
  if (compared === 0) return sign.includes('=');
  return sign.startsWith(compared < 0 ? '<' : '>');
}

/** Keys are ordered by their bytes. */
function compare(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

function refused(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

function fields(value: unknown): Input {
  return isRecord(value) ? value : {};
}

function textOf(value: unknown): string | undefined {
  const text = isRecord(value) ? value['S'] : undefined;
  return typeof text === 'string' ? text : undefined;
}
