/** What a check found, in words, and what to do. */
export interface Finding {
  check: string;
  /** `wrong` fails the doctor; `attention` wants a person before long; `unknown` could not be looked at from here. */
  state: 'well' | 'attention' | 'wrong' | 'unknown';
  says: string;
  todo?: string;
}

export function well(check: string, says: string): Finding {
  return { check, state: 'well', says };
}

export function attention(check: string, says: string, todo: string): Finding {
  return { check, state: 'attention', says, todo };
}

export function wrong(check: string, says: string, todo: string): Finding {
  return { check, state: 'wrong', says, todo };
}

export function unknown(check: string, says: string, todo: string): Finding {
  return { check, state: 'unknown', says, todo };
}
