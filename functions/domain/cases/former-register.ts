import type { Episode } from '../../contracts/cases/case.ts';
import type { Case, CaseMeasure } from '../../contracts/cases/case-record.ts';
import type { FormerCase } from '../../contracts/cases/imports-http.ts';
import type { CaseMoved } from './case.ts';

/**
 * Converts a case of a former register: each episode is marked imported, with its dates, risks, measures and closure.
 * @param id the household's case id; `measureId` makes the measures' ids
 */
export function formerToCase(
  former: FormerCase,
  {
    id,
    by,
    at,
    measureId,
  }: { id: string; by: string; at: string; measureId: (episode: number, place: number) => string },
): CaseMoved {
  const episodes = former.episodes.map((told, place): Episode => {
    const open = told.closed === undefined;
    return {
      number: place + 1,
      startedAt: `${told.admittedOn}T00:00:00+08:00`,
      imported: { at, by },
      clues: [],
      declarations: 0,
      people: told.people,
      caseType: told.caseType,
      // Risks of a closed episode were resolved by the former register; those of an open one remain.
      risks: told.risks.map((code) => ({ code })),
      admittedOn: told.admittedOn,
      ...(open && former.helper !== undefined ? { helper: { ...former.helper, since: told.admittedOn } } : {}),
      ...(told.closed === undefined ? {} : { closed: told.closed }),
    };
  });
  const responsible = former.helper ??
    former.episodes.at(-1)?.closed?.monitoringContact ?? { account: by, name: '原登记册', unit: '原登记册' };
  const measures = former.episodes.flatMap((told, place) =>
    told.measures.map(
      ({ kind, startedOn, completedOn, amount }, n): CaseMeasure => ({
        id: measureId(place + 1, n),
        episode: place + 1,
        status: completedOn === undefined ? 'under-way' : 'completed',
        kind,
        plannedOn: startedOn,
        startedOn,
        responsible,
        evidence: [],
        ...(completedOn === undefined ? {} : { endedOn: completedOn }),
        ...(amount === undefined ? {} : { amount }),
      }),
    ),
  );
  const events = episodes.flatMap(({ number, admittedOn, closed }): CaseMoved['events'] => [
    { kind: 'episode-started', body: { episode: number, imported: true } },
    { kind: 'case-opened', body: { on: admittedOn, imported: true } },
    ...(closed === undefined
      ? []
      : [{ kind: 'case-closed' as const, body: { on: closed.on, method: closed.method, imported: true } }]),
  ]);
  const open = episodes.at(-1)?.closed === undefined;
  const after = {
    id,
    household: former.household,
    stage: open ? ('open' as const) : ('closed' as const),
    version: 0,
    head: null,
  };
  return { after: { ...after, episodes, review: null, closing: null, measures, rejected: null }, events };
}

/**
 * Whether all that a former register tells of a case was taken over from it: sent again it is the same. What has happened here since contradicts nothing, but
 * what the register says otherwise than it did must not be called unchanged.
 */
export function isTakenOver({ episodes, measures }: Case, former: FormerCase): boolean {
  return former.episodes.every((told, place) => {
    const kept = episodes[place];
    if (kept?.imported === undefined || kept.admittedOn !== told.admittedOn) return false;
    const codes = kept.risks.map(({ code }) => code);
    const own = measures.filter(({ episode }) => episode === kept.number);
    return (
      kept.people === told.people &&
      kept.caseType === told.caseType &&
      told.risks.every((code) => codes.includes(code)) &&
      (told.closed === undefined || isSameClosure(kept.closed, told.closed)) &&
      told.measures.every((measure) => own.some((one) => isSameMeasure(one, measure)))
    );
  });
}

type FormerEpisode = FormerCase['episodes'][number];
type FormerMeasure = FormerEpisode['measures'][number];

/** The contact may be another by now. */
function isSameClosure(kept: Episode['closed'], told: NonNullable<FormerEpisode['closed']>): boolean {
  return kept?.on === told.on && kept.method === told.method && kept.perCapita === told.perCapita;
}

/** A measure that was still under way may have ended here, for what it cost in the end. */
function isSameMeasure(kept: CaseMeasure, told: FormerMeasure): boolean {
  const endedHere = told.completedOn === undefined && kept.endedOn !== undefined;
  return (
    kept.kind === told.kind &&
    kept.startedOn === told.startedOn &&
    (endedHere || (kept.endedOn === told.completedOn && kept.amount === told.amount))
  );
}
