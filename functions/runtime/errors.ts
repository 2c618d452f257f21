/** What a log tells of an error: enough to find the line and the reason, and nothing of a person. */
export interface Told {
  error: string;
  reason: string;
  /** Frames as source maps name them, the nearest first. */
  stack: string[];
  cause?: string;
}

const LONGEST = 300;
const FRAMES = 8;

export function told(error: unknown): Told {
  if (!(error instanceof Error)) return { error: typeof error, reason: '', stack: [] };
  const { cause } = error;
  return {
    error: error.name,
    reason: withoutPersons(error.message),
    stack: framesOf(error),
    ...(cause instanceof Error ? { cause: `${cause.name}: ${withoutPersons(cause.message)}` } : {}),
  };
}

/**
 * A message without what may belong to a person. Our own messages hold ids; those of libraries may repeat what was sent. So whatever could be a name, an
 * address, a number or a quoted value goes: everything Chinese, everything between quotation marks, e-mail addresses, and digits in a row that are no
 * division code and no instant.
 */
export function withoutPersons(message: string): string {
  return message
    .slice(0, LONGEST * 2)
    .replace(/"[^"]*"|'[^']*'|“[^”]*”|`[^`]*`/g, (quoted) => (isWord(quoted.slice(1, -1)) ? quoted : '…'))
    .replace(/\S+@\S+/g, '…')
    .replace(/[\p{Script=Han}·]+/gu, '…')
    .replace(/\d[\d ]{5,}[\dXx]/g, (digits) => (/^(\d{9}|\d{12})$/.test(digits) && isDivision(digits) ? digits : '…'))
    .slice(0, LONGEST);
}

/** A name of ours or of the machinery, such as a field or an id. */
function isWord(text: string): boolean {
  return /^[a-zA-Z][a-zA-Z0-9_.:/#-]{0,80}$/.test(text) && !/\d{7}/.test(text);
}

/** This district's towns and villages. */
function isDivision(digits: string): boolean {
  const district = process.env['DISTRICT'];
  return district !== undefined && digits.startsWith(district);
}

/** Where it happened: lines of the sources, without the folders above them. */
function framesOf(error: Error): string[] {
  return (error.stack ?? '')
    .split('\n')
    .filter((line) => line.trimStart().startsWith('at '))
    .slice(0, FRAMES)
    .map((line) => line.trim().replace(/(\(|at )(?:file:)?\/\S*?\/(functions|node_modules)\//, '$1$2/'));
}

/** Ids by what they name, from the parts of a request or a task's input: a receipt, by which a family looks after its own affair, is none. */
export function idsIn(parts: object | undefined): Record<string, string> {
  return Object.fromEntries(
    Object.values(parts ?? {}).flatMap((value) => {
      const [, kind] = /^(case|claim|decision|notice|clue|batch)-[0-9a-z]{16}$/.exec(String(value)) ?? [];
      if (kind !== undefined) return [[kind, String(value)]];
      return /^\d{4}Q[1-4]$/.test(String(value)) ? [['round', String(value)]] : [];
    }),
  );
}

/** The words and counts of an answer: how many, how it came out. Lists are told by their length, ids and texts not at all. */
export function outcomeOf(answer: unknown): Record<string, string | number | boolean> {
  return Object.fromEntries(
    Object.entries(Object(answer)).flatMap(([name, value]): [string, string | number | boolean][] => {
      if (Array.isArray(value)) return [[name, value.length]];
      if (typeof value === 'number' || typeof value === 'boolean') return [[name, value]];
      return typeof value === 'string' && /^[a-z]+(-[a-z]+)*$/.test(value) ? [[name, value]] : [];
    }),
  );
}
