import type { Clue } from '../../contracts/cases/case.ts';
import { Problem } from '../../contracts/problems.ts';
import { contains } from '../../contracts/regions.ts';
import { dayOf } from '../../domain/calendar.ts';
import { riskNames } from '../../domain/cases/case-labels.ts';
import { maskPhone } from '../../domain/registry/masking.ts';
import { config } from '../../runtime/config.ts';
import { httpHandler, mustContain, type Operation, within } from '../../runtime/http.ts';
import { enterClue } from '../../store/cases/admissions.ts';
import {
  listUnmatched,
  listUnmatchedAfter,
  placeOfClue,
  readUnmatched,
  resolve,
  type UnmatchedClue,
} from '../../store/cases/clues.ts';
import { idOf } from '../../store/ids.ts';
import { listsWhole } from '../../store/in-time.ts';
import { readHousehold } from '../../store/registry/households.ts';
import { personalData } from '../../store/registry/personal-data.ts';
import { recordReveal } from '../../store/registry/reveals.ts';
import { ConditionFailed } from '../../store/table.ts';
import { pageFrom, pageOf } from '../cursors.ts';
import { clueRoutes } from '../routes/cases.ts';
import { readAlerts, reportAlerts } from './clues/alerts.ts';
import { listDeclarations } from './clues/declaration-list.ts';
import { declare, handOverDeclaration, readDeclarationStatus } from './clues/declarations.ts';

/** An official has seen something at a household. Whoever gives the clue decides no step of what follows. */
const giveClue: Operation<typeof clueRoutes.giveClue> = async ({ caller, body, now }) => {
  mustContain(caller, body.household);
  const household = await readHousehold(body.household);
  if (household === undefined) throw new Problem('household-unknown');
  if (household.status === 'cancelled') throw new Problem('household-cancelled');
  const recordedAt = body.recordedAt === undefined ? now : Date.parse(body.recordedAt);
  if (recordedAt > now) throw new Problem('recorded-after-request');
  // The same words on one day are one clue.
  const id = await idOf('clue', household.id, caller.sub, dayOf(recordedAt), body.reason);
  const clue: Clue = {
    source: 'officer',
    id,
    household: household.id,
    at: new Date(now).toISOString(),
    by: caller.sub,
    reason: body.reason,
  };
  const { case: found, outcome } = await enterClue(household, clue, {
    caseType: null,
    now,
  });
  if (outcome === 'full') throw new Problem('clues-full', { extra: { case: found } });
  return { status: outcome === 'started' ? 201 : 200, body: { case: found, outcome } };
};

/** What matched nobody, the oldest first, with the name and telephone the household gave, so that an official can find it. */
const unmatched: Operation<typeof clueRoutes.listUnmatched> = async ({ caller, query }) => {
  mustContain(caller, query.region);
  const { region, limit, cursor } = query;
  const [page, data] = await Promise.all([
    cursor === undefined || listsWhole(region)
      ? listUnmatched(region).then((found) => pageOf(found, placeOfClue, region, query))
      : pageFrom(cursor, limit, region, placeOfClue, (after, size) => listUnmatchedAfter(region, after, size), ''),
    personalData(config.district()),
  ]);
  const items = page.items.map((clue) => ({
    id: clue.id,
    source: clue.source,
    village: clue.village,
    at: clue.at,
    about: aboutOf(clue),
    idNumber: clue.idMasked,
    name: clue.nameCipher === null ? null : data.decrypt(clue.nameCipher, clue.id),
    phone: clue.phoneCipher === null ? null : maskPhone(data.decrypt(clue.phoneCipher, clue.id)),
  }));
  return { status: 200, body: { items, ...page.next } };
};

const alertNames = {
  'large-medical-bill': '大额医疗支出',
  'disability-registration': '新办残疾证',
  dropout: '辍学',
  'job-loss': '失业',
  disaster: '受灾',
};

function aboutOf({ trouble, kind }: UnmatchedClue): string {
  if (trouble !== null) return riskNames[trouble];
  return kind === null ? '' : alertNames[kind];
}

/** A person says whose clue it is, or why nothing follows from it. First the case, then the list: repeated, nothing happens twice. */
const resolveClue: Operation<typeof clueRoutes.resolveClue> = async ({ caller, params, body, now }) => {
  const { clue, resolved } = within(caller, await readUnmatched(params.id), regionOfClue, 'clue-unknown');
  const wanted = 'household' in body ? body.household : null;
  if (resolved !== undefined && resolved !== wanted) throw new Problem('clue-resolved');
  const at = new Date(now).toISOString();
  const entered = wanted === null ? undefined : await enter(clue, wanted, caller.region, now);
  try {
    if (resolved === undefined)
      await resolve(clue, {
        household: wanted,
        by: caller.sub,
        at,
        ...('dismissed' in body ? { reason: body.dismissed } : {}),
      });
  } catch (error) {
    if (error instanceof ConditionFailed) throw new Problem('clue-resolved');
    throw error;
  }
  return {
    status: 200,
    body: {
      id: clue.id,
      outcome: entered === undefined ? 'dismissed' : entered.outcome === 'full' ? 'known' : entered.outcome,
      ...(entered === undefined ? {} : { case: entered.case }),
    },
  };
};

function regionOfClue({ clue }: { clue: UnmatchedClue }): string {
  return clue.village ?? clue.district;
}

/** Whoever must call somebody back sees the number by an act of its own, with a reason, which is kept. */
const revealClue: Operation<typeof clueRoutes.revealClue> = async ({ caller, params, body, now }) => {
  const { clue } = within(caller, await readUnmatched(params.id), regionOfClue, 'clue-unknown');
  const sealed = body.field === 'phone' ? clue.phoneCipher : clue.idCipher;
  if (sealed === null) throw new Problem('not-found');
  const { field, reason } = body;
  const at = new Date(now).toISOString();
  await recordReveal({ subject: clue.id, region: regionOfClue({ clue }), at, by: caller.sub, field, reason });
  const data = await personalData(config.district());
  return { status: 200, body: { field, value: data.decrypt(sealed, clue.id) } };
};

async function enter(found: UnmatchedClue, id: string, region: string, now: number) {
  if (!contains(region, id)) throw new Problem('outside-region');
  const household = await readHousehold(id);
  if (household === undefined) throw new Problem('household-unknown');
  if (household.status === 'cancelled') throw new Problem('household-cancelled');
  const base = { id: found.id, household: id, at: found.at };
  const clue: Clue =
    found.kind === null
      ? { source: 'declaration', ...base, trouble: found.trouble ?? 'other', declaredBy: found.declaredBy ?? 'self' }
      : { source: 'alert', ...base, kind: found.kind };
  return await enterClue(household, clue, { caseType: null, now });
}

export const handler = httpHandler(clueRoutes, {
  declare,
  readDeclaration: readDeclarationStatus,
  reportAlerts,
  readAlerts,
  giveClue,
  listUnmatched: unmatched,
  revealClue,
  resolveClue,
  listDeclarations,
  handOverDeclaration,
});
