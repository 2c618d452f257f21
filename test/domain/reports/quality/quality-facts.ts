import type { EpisodeFacts, SeenVisit } from '../../../../functions/domain/reports/quality/quality-facts.ts';
import { SAFE } from '../../../harmless.ts';

type Visit = NonNullable<SeenVisit>;
type Seen = Visit['members'][number];

export const PERSON = 'p-0000000000000001';

export function member(changes: Partial<Seen> = {}): Seen {
  return { person: PERSON, labour: 'full', health: 'healthy', inSchool: false, ...changes };
}

/** A visit that raises nothing: one able member, wages, a pension, some medical cost. */
export function visit(changes: Partial<Visit> = {}): Visit {
  return {
    visitedOn: '2023-10-11',
    income: { wages: 2_000_000, business: 0, property: 0, transfer: 100, businessCosts: 0 },
    selfPaid: { medical: 100, education: 0, other: 0 },
    guarantees: SAFE,
    members: [member()],
    ...changes,
  };
}

/** An open episode that raises nothing. */
export function open(changes: Partial<EpisodeFacts> = {}): EpisodeFacts {
  return {
    today: '2023-10-20',
    admittedOn: '2023-01-31',
    risks: [{ code: 'illness' }],
    closed: undefined,
    measures: [{ kind: 'health', status: 'under-way', startedOn: '2023-02-10' }],
    lineAtClosure: undefined,
    visit: visit(),
    ...changes,
  };
}

/** An assisted closure that raises nothing, six months after its admission to the day. */
export function closed(
  changes: Partial<EpisodeFacts> = {},
  how: Partial<NonNullable<EpisodeFacts['closed']>> = {},
): EpisodeFacts {
  return open({
    closed: {
      on: '2023-07-31',
      method: 'assisted',
      perCapita: 800_000,
      guarantees: visit().guarantees,
      monitoringContact: { account: 'contact', name: '林联络', unit: '村委会' },
      ...how,
    },
    lineAtClosure: 800_000,
    measures: [
      { kind: 'health', status: 'completed', startedOn: '2023-02-10', endedOn: '2023-06-01' },
      { kind: 'industry', status: 'completed', startedOn: '2023-02-10', endedOn: '2023-06-01' },
    ],
    ...changes,
  });
}
