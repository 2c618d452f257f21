import { AwsError } from '../errors.ts';
import { isRecord } from './json.ts';

/** The input of a wire action; every accessor answers as AWS does when a field is missing or malformed. */
export class Request {
  readonly #fields: Readonly<Record<string, unknown>>;

  constructor(input: unknown) {
    if (input !== undefined && input !== null && !isRecord(input))
      throw new AwsError('SerializationException', 'Start of structure or map found where not expected.');
    this.#fields = isRecord(input) ? input : {};
  }

  has(name: string): boolean {
    return this.#fields[name] !== undefined && this.#fields[name] !== null;
  }

  text(name: string, limits: { least?: number; most?: number } = {}): string {
    const value = this.optionalText(name, limits);
    if (value === undefined) throw invalid(name, 'null', 'Member must not be null');
    return value;
  }

  optionalText(name: string, limits: { least?: number; most?: number } = {}): string | undefined {
    const value = this.#fields[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'string') throw new AwsError('SerializationException', `Expected a string at '${name}'.`);
    const { least = 0, most = Number.POSITIVE_INFINITY } = limits;
    if (value.length < least)
      throw invalid(name, `'${value}'`, `Member must have length greater than or equal to ${least}`);
    if (value.length > most)
      throw invalid(name, `'${value.slice(0, 100)}'`, `Member must have length less than or equal to ${most}`);
    return value;
  }

  choice<T extends string>(name: string, allowed: readonly T[]): T | undefined {
    const value = this.optionalText(name);
    if (value === undefined) return undefined;
    const found = allowed.find((one) => one === value);
    if (found === undefined)
      throw invalid(name, `'${value}'`, `Member must satisfy enum value set: [${allowed.join(', ')}]`);
    return found;
  }

  boolean(name: string): boolean | undefined {
    const value = this.#fields[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'boolean') throw new AwsError('SerializationException', `Expected a boolean at '${name}'.`);
    return value;
  }

  number(name: string, least: number, most: number): number | undefined {
    const value = this.#fields[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'number') throw new AwsError('SerializationException', `Expected a number at '${name}'.`);
    if (value < least) throw invalid(name, `'${value}'`, `Member must have value greater than or equal to ${least}`);
    if (value > most) throw invalid(name, `'${value}'`, `Member must have value less than or equal to ${most}`);
    return value;
  }

  record(name: string): Readonly<Record<string, unknown>> | undefined {
    const value = this.#fields[name];
    if (value === undefined || value === null) return undefined;
    if (!isRecord(value)) throw new AwsError('SerializationException', `Expected a structure at '${name}'.`);
    return value;
  }

  list(name: string): readonly unknown[] | undefined {
    const value = this.#fields[name];
    if (value === undefined || value === null) return undefined;
    if (!Array.isArray(value)) throw new AwsError('SerializationException', `Expected a list at '${name}'.`);
    return value;
  }

  /** @throws AwsError InvalidArn when it does not name such a thing of Step Functions */
  arn(name: string, kinds: readonly string[]): string {
    const value = this.text(name, { least: 1, most: 2000 });
    const kind = /^arn:[^:]+:states:[^:]+:\d{12}:([A-Za-z]+):.+$/.exec(value)?.[1];
    if (kind === undefined || !kinds.includes(kind))
      throw new AwsError('InvalidArn', `Invalid Arn: 'Resource type not valid in this context: ${kind ?? value}'`);
    return value;
  }

  /**
   * A page: at most `limit` entries, after `after`. A limit of 0 means the default, as AWS has it.
   * @throws AwsError InvalidToken when the token is not one of ours
   */
  page(most = 1000, usual = 100): { limit: number; after: number } {
    const asked = this.number('maxResults', 0, most) ?? 0;
    const token = this.optionalText('nextToken', { least: 1, most: 1024 });
    const after = token === undefined ? 0 : Number(Buffer.from(token, 'base64url').toString());
    if (!Number.isInteger(after) || after < 0) throw new AwsError('InvalidToken', "Invalid Token: 'Invalid token'");
    return { limit: asked === 0 ? usual : asked, after };
  }
}

export function pageToken(after: number): string {
  return Buffer.from(String(after)).toString('base64url');
}

function invalid(name: string, value: string, constraint: string): AwsError {
  return new AwsError(
    'ValidationException',
    `1 validation error detected: Value ${value} at '${name}' failed to satisfy constraint: ${constraint}`,
  );
}
