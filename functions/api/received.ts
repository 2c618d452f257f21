import { Problem, type ProblemCode } from '../contracts/problems.ts';
import { type Received, receive } from '../store/documents.ts';

const refusals: Readonly<Record<Exclude<Received, 'taken'>, ProblemCode>> = {
  missing: 'document-not-uploaded',
  'other-content': 'document-type-differs',
  'being-scanned': 'document-being-scanned',
  refused: 'document-refused',
};

/** Takes a file in that was put under its announced type and length. @throws Problem what is in the way */
export async function takeIn(...asked: Parameters<typeof receive>): Promise<void> {
  const outcome = await receive(...asked);
  if (outcome !== 'taken') throw new Problem(refusals[outcome]);
}
