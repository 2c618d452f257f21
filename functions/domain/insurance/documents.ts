import type { DocumentKind } from '../../contracts/insurance/claim.ts';
import type { LineId } from '../../contracts/insurance/product.ts';

/** At least so many of these kinds are required. */
interface Needed {
  anyOf: readonly DocumentKind[];
  atLeast: number;
}

function each(...kinds: DocumentKind[]): Needed[] {
  return kinds.map((kind) => ({ anyOf: [kind], atLeast: 1 }));
}

/** The documents each line requires (docs/domain.md, 6): for a death two of three certificates, otherwise one of each. */
const lists: Record<LineId, readonly Needed[]> = {
  'accidental-death': [
    { anyOf: ['household-cancellation', 'cremation-certificate', 'medical-death-certificate'], atLeast: 2 },
    ...each('accident-proof', 'relationship-proof', 'account-proof'),
  ],
  'accidental-disability': each('disability-appraisal', 'accident-proof'),
  illness: each('invoice', 'itemised-bill', 'medical-record'),
  'accident-medical': each('invoice', 'itemised-bill', 'medical-record', 'accident-proof'),
  education: each('enrolment-proof', 'fee-proof'),
  disaster: each('disaster-proof', 'photograph'),
};

/** A missing document: `count` more of any of `anyOf`. */
export interface Missing {
  anyOf: DocumentKind[];
  count: number;
}

/**
 * The documents still missing, as one complete list.
 * @param has kinds that have come in
 * @param asked kinds an adjuster asked for beyond the line's list
 */
export function missingDocuments(
  line: LineId,
  has: readonly DocumentKind[],
  asked: readonly DocumentKind[] = [],
): Missing[] {
  const present = new Set(has);
  const needed = lists[line];
  const listed = needed.flatMap(({ anyOf, atLeast }) => {
    const count = atLeast - anyOf.filter((kind) => present.has(kind)).length;
    return count > 0 ? [{ anyOf: anyOf.filter((kind) => !present.has(kind)), count }] : [];
  });
  const extra = asked.filter((kind) => !present.has(kind) && !listed.some(({ anyOf }) => anyOf.includes(kind)));
  return [...listed, ...extra.map((kind) => ({ anyOf: [kind], count: 1 }))];
}
