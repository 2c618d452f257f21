import type { Measure } from '../../../contracts/assistance/measure.ts';
import type { Case, CaseMeasure } from '../../../contracts/cases/case-record.ts';
import { Problem } from '../../../contracts/problems.ts';
import {
  type Changed,
  changeMeasure,
  labourOf,
  type MeasureWarning,
  measureWarnings,
  planMeasure,
  settleReferral,
} from '../../../domain/assistance/measures.ts';
import { dayOf } from '../../../domain/calendar.ts';
import { type CaseEvent, episodeOf, withEpisode, withMeasure } from '../../../domain/cases/case.ts';
import { warningSentence } from '../../../domain/cases/sentences.ts';
import { isSameName } from '../../../domain/registry/names.ts';
import { config } from '../../../runtime/config.ts';
import { type Caller, type Operation, within } from '../../../runtime/http.ts';
import { changeCase, readCase } from '../../../store/cases/cases.ts';
import { readWhatWasSeen } from '../../../store/cases/closure-facts.ts';
import { retryOnConflict } from '../../../store/conflicts.ts';
import { idOf } from '../../../store/ids.ts';
import type { caseRoutes } from '../../routes/cases.ts';

/**
 * Changes a case under its lock. `work` sees the case as it is and says what becomes of it; undefined when it is so already.
 * @throws Problem case-unknown, conflict
 */
async function onCase(
  id: string,
  caller: Caller,
  now: number,
  work: (found: Case) => { after: Case; events: CaseEvent[] } | undefined,
): Promise<Case> {
  return await retryOnConflict(async () => {
    const found = await caseWithin(id, caller);
    const moved = work(found);
    if (moved === undefined) return found;
    return await changeCase(found, moved, now);
  });
}

/** The case, if it lies in the caller's region. @throws Problem case-unknown */
export async function caseWithin(id: string, caller: Caller): Promise<Case> {
  return within(caller, await readCase(id), ({ household }) => household, 'case-unknown');
}

/** What is missing among the measures, told in sentences. @param now ms since 1970 */
export async function warningsOf(found: Case, now: number): Promise<(MeasureWarning & { message: string })[]> {
  const episode = episodeOf(found);
  if (episode.admittedOn === undefined || (found.stage !== 'open' && found.stage !== 'closing')) return [];
  const { newestVisit } = await readWhatWasSeen(config.district(), found.household);
  const warnings = measureWarnings({
    risks: episode.risks,
    measures: measuresOf(found),
    labour: labourOf(newestVisit?.visit.members ?? []),
    openedOn: episode.admittedOn,
    today: dayOf(now),
  });
  return warnings.map((warning) => ({ ...warning, message: warningSentence(warning) }));
}

function measuresOf(found: Case): CaseMeasure[] {
  const { number } = episodeOf(found);
  return found.measures.filter(({ episode }) => episode === number);
}

function mustBeOpen(found: Case): void {
  if (found.stage !== 'open' && found.stage !== 'closing') throw new Problem('case-not-open');
}

function taken({ measure, refusal }: Changed): Measure {
  if (measure === undefined) throw new Problem(refusal);
  return measure;
}

/** Planned once for each `key` of a caller, however often a phone sends it. */
export const planMeasureOf: Operation<typeof caseRoutes.planMeasure> = async ({ caller, params, body, now }) => {
  const { key, ...plan } = body;
  const id = await idOf('measure', params.id, caller.sub, key);
  const written = await onCase(params.id, caller, now, (found) => {
    mustBeOpen(found);
    if (found.measures.some((one) => one.id === id)) return undefined;
    const planned: CaseMeasure = { ...taken(planMeasure(id, plan, dayOf(now))), episode: episodeOf(found).number };
    const after = withMeasure(found, planned);
    if (after === undefined) throw new Problem('measures-full');
    return {
      after,
      events: [{ kind: 'measure-planned', body: { measure: id, kind: plan.kind, on: plan.plannedOn, by: caller.sub } }],
    };
  });
  return { status: 201, body: { measure: measureIn(written, id), warnings: await warningsOf(written, now) } };
};

/** The next step of a measure's life, or the outcome of its referral. What is already so is answered as it is. */
export const changeMeasureOf: Operation<typeof caseRoutes.changeMeasure> = async ({ caller, params, body, now }) => {
  const today = dayOf(now);
  const written = await onCase(params.id, caller, now, (found) => {
    const before = measureIn(found, params.measure);
    if ('change' in body) {
      if (before.status === body.change.to && (before.endedOn ?? before.startedOn) === body.change.on) return undefined;
      mustBeOpen(found);
      return replaced(found, before, taken(changeMeasure(before, body.change, today)), {
        to: body.change.to,
        on: body.change.on,
        by: caller.sub,
      });
    }
    if (JSON.stringify(before.referral?.outcome) === JSON.stringify(body.referral)) return undefined;
    mustBeOpen(found);
    return replaced(found, before, taken(settleReferral(before, body.referral, today)), {
      referral: body.referral.outcome,
      by: caller.sub,
    });
  });
  return {
    status: 200,
    body: { measure: measureIn(written, params.measure), warnings: await warningsOf(written, now) },
  };
};

function replaced(
  found: Case,
  before: CaseMeasure,
  after: Measure,
  body: CaseEvent['body'],
): { after: Case; events: CaseEvent[] } {
  const measures = found.measures.map((one) => (one === before ? { ...after, episode: before.episode } : one));
  return { after: { ...found, measures }, events: [{ kind: 'measure-changed', body: { measure: after.id, ...body } }] };
}

function measureIn(found: Case, id: string): CaseMeasure {
  const measure = found.measures.find((one) => one.id === id);
  if (measure === undefined) throw new Problem('measure-unknown');
  return measure;
}

export const recordRisk: Operation<typeof caseRoutes.recordRisk> = async ({ caller, params, body, now }) => {
  const written = await onCase(params.id, caller, now, (found) => {
    mustBeOpen(found);
    const { risks } = episodeOf(found);
    if ('add' in body) {
      if (risks.some(({ code, gone }) => code === body.add && gone === undefined)) return undefined;
      const after = withEpisode(found, {
        risks: [...risks.filter(({ code }) => code !== body.add), { code: body.add }],
      });
      return {
        after,
        events: [{ kind: 'risk-recorded', body: { risk: body.add, by: caller.sub, reason: body.reason } }],
      };
    }
    const { gone: code, on, reason } = body;
    if (on > dayOf(now)) throw new Problem('date-in-future');
    const recorded = risks.find((risk) => risk.code === code);
    if (recorded === undefined) throw new Problem('risk-not-recorded');
    if (recorded.gone !== undefined) return undefined;
    const gone = { on, by: caller.sub, reason };
    const after = withEpisode(found, { risks: risks.map((risk) => (risk === recorded ? { code, gone } : risk)) });
    return { after, events: [{ kind: 'risk-gone', body: { risk: code, ...gone } }] };
  });
  return { status: 200, body: { risks: episodeOf(written).risks } };
};

/** Another helper takes over when one leaves; who it was and why stays in the timeline. */
export const assignHelper: Operation<typeof caseRoutes.assignHelper> = async ({ caller, params, body, now }) => {
  const written = await onCase(params.id, caller, now, (found) => {
    mustBeOpen(found);
    const { helper } = episodeOf(found);
    if (helper?.account === body.helper.account && isSameName(helper.name, body.helper.name)) return undefined;
    const on = dayOf(now);
    const after = withEpisode(found, { helper: { ...body.helper, since: on } });
    const { account } = body.helper;
    return {
      after,
      events: [
        {
          kind: 'helper-assigned',
          body: { on, helper: account, before: helper?.account, by: caller.sub, reason: body.reason },
        },
      ],
    };
  });
  return { status: 200, body: { helper: episodeOf(written).helper } };
};
