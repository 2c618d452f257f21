import { type EvidenceOf, MOST_PHOTOGRAPHS } from '../../contracts/assistance/evidence-http.ts';
import { jsonText } from '../json-text.ts';
import { keys } from '../keys.ts';
import { ConditionFailed, queryAll, tableName, transact } from '../table.ts';

/** A photograph that lies in the bucket: what it shows, and who brought it when. */
export interface Evidence {
  id: string;
  of: EvidenceOf;
  type: string;
  bytes: number;
  receivedAt: string;
  by: string;
}

const evidenceText = jsonText<Evidence>();

/** Of what it is, as the sort key tells it: all photographs of one visit, measure or entry lie together. */
function shownBy(of: EvidenceOf): string {
  switch (of.kind) {
    case 'visit':
      return `visit#${of.round}#${of.visit}`;
    case 'measure':
      return `measure#${of.case}#${of.measure}`;
    case 'entry':
      return `entry#${of.entry}`;
  }
}

/**
 * Records a photograph and counts it, in one; one that came before stays as it was. Only so do many at the same instant not become too many.
 * @param place the household, or of an entry its region
 * @returns `full` when as many are there as there may be
 */
export async function recordEvidence(place: string, evidence: Evidence): Promise<'recorded' | 'full'> {
  const shown = shownBy(evidence.of);
  const Item = { ...keys.evidence(place, shown, evidence.id), ...evidenceText.put(evidence) };
  try {
    await transact([
      { Put: { TableName: tableName(), Item, ConditionExpression: 'attribute_not_exists(pk)' } },
      {
        Update: {
          TableName: tableName(),
          Key: keys.evidenceCount(place, shown),
          UpdateExpression: 'ADD photographs :one',
          ConditionExpression: 'attribute_not_exists(photographs) OR photographs < :most',
          ExpressionAttributeValues: { ':one': 1, ':most': MOST_PHOTOGRAPHS },
        },
      },
    ]);
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    if (!error.indices.includes(0)) return 'full';
  }
  return 'recorded';
}

/** The photographs of one visit, measure or entry. */
export async function evidenceFor(place: string, of: EvidenceOf): Promise<Evidence[]> {
  const { pk, sk } = keys.evidence(place, shownBy(of), '');
  return (await queryAll(pk, sk, { consistent: true })).map(evidenceText.read);
}

/** Every photograph of a household's visits and measures. */
export async function evidenceOfHousehold(household: string): Promise<Evidence[]> {
  return (await queryAll(keys.evidence(household, '', '').pk, '')).map(evidenceText.read);
}
