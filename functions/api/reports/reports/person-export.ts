import type { Claim, Payee } from '../../../contracts/insurance/claim.ts';
import { Problem } from '../../../contracts/problems.ts';
import { villageOf } from '../../../contracts/values.ts';
import { dayOf } from '../../../domain/calendar.ts';
import {
  END_OF_DAYS,
  isDuring,
  ownParts,
  type Stay,
  staysOf,
  staysWith,
} from '../../../domain/registry/person-file.ts';
import { config } from '../../../runtime/config.ts';
import { mustContain, type Operation } from '../../../runtime/http.ts';
import { evidenceOfHousehold } from '../../../store/assistance/evidence.ts';
import { readCalls } from '../../../store/assistance/follow-up-calls.ts';
import { listEndedHelp, listHelp, listLedger, listLedgerBetween } from '../../../store/assistance/ledger-entries.ts';
import { casePartition, listSummaries, readCase } from '../../../store/cases/cases.ts';
import { claimPartition, listClaimsOf, readClaims } from '../../../store/insurance/claims.ts';
import { readPayouts } from '../../../store/insurance/payouts.ts';
import { walkOf } from '../../../store/registry/erasing/person-walk.ts';
import { readVersions } from '../../../store/registry/households.ts';
import { type PersonalData, personalData } from '../../../store/registry/personal-data.ts';
import { isErased } from '../../../store/registry/persons.ts';
import { readReveals, recordReveal } from '../../../store/registry/reveals.ts';
import { listRounds } from '../../../store/screening/rounds.ts';
import { readSheet } from '../../../store/screening/sheets.ts';
import { readHouseholdVisits } from '../../../store/screening/visits.ts';
import { readTold } from '../../../store/timeline.ts';
import type { reportRoutes } from '../../routes/reports.ts';

interface Subject {
  person: string;
  household: string;
  data: PersonalData;
  /** When they lived there. */
  stays: readonly Stay[];
  /** The same of every household that is told of. */
  allStays: ReadonlyMap<string, readonly Stay[]>;
  /** Asia/Shanghai. */
  today: string;
}

/**
 * Everything that is kept about one person, as one document, for them (PIPL articles 45 and 46): numbers whole, the other members left out, and of each
 * household what is of the days on which they lived there. It is kept first that it was asked for, by whom and why (`GET /v1/reveals`).
 *
 * The person's households are the one that is named, those its history leads to, and those they were insured from.
 */
export const exportPerson: Operation<typeof reportRoutes.exportPerson> = async ({ caller, params, body, now }) => {
  mustContain(caller, villageOf(body.household));
  const { id: person } = params;
  const district = config.district();
  if ((await readVersions(body.household)).length === 0) throw new Problem('household-unknown');
  const { insured, households } = await walkOf(district, person, [body.household]);
  if (!households.has(body.household) || (await isErased(person))) throw new Problem('not-found');
  const asked = { by: caller.sub, at: new Date(now).toISOString(), reason: body.reason };
  await recordReveal({
    subject: body.household,
    region: villageOf(body.household),
    field: 'everything',
    person,
    ...asked,
  });
  const data = await personalData(district);
  const allStays = new Map([...households].map(([id, versions]) => [id, staysOf(versions, person, asked.at)]));
  const parts = await Promise.all(
    [...households].map(async ([household, versions]) => {
      const stays = allStays.get(household) ?? [];
      const subject = { person, household, data, stays, allStays, today: dayOf(now) };
      const [screening, assistance, insurance, looks] = await Promise.all([
        screeningOf(subject),
        assistanceOf(subject),
        insuranceOf(subject),
        looksAt(subject),
      ]);
      const changes = ownParts(versions, subject, (cipher, owner) => data.decrypt(cipher, owner));
      return { household, changes, ...screening, ...assistance, ...insurance, looks };
    }),
  );
  const roster = insured.map(({ policy, one: { household, name, covers } }) => {
    return { policy: policy.id, number: policy.number, household, name, covers };
  });
  return { status: 200, body: { person, asked, insured: roster, households: parts } };
};

/** Visits with the person's own line, and what rounds found of the household when they lived there. */
async function screeningOf({ person, household, stays }: Subject) {
  const rounds = await listRounds(config.district());
  const [visits, sheets] = await Promise.all([
    Promise.all(rounds.map(({ id }) => readHouseholdVisits(id, household))),
    Promise.all(
      rounds.map(({ id, status }) => (status === 'sealed' ? readSheet(id, villageOf(household)) : undefined)),
    ),
  ]);
  const own = visits.flat().filter(({ visit }) => visit.members.some((one) => one.person === person));
  const seenIn = new Set(own.map(({ visit }) => visit.round));
  return {
    visits: own.map(({ id, visit: { members, ...seen }, triage, submittedAt, submittedBy }) => ({
      ...{ id, ...seen, submittedAt, submittedBy, class: triage.class },
      member: members.find((one) => one.person === person),
    })),
    rounds: rounds.flatMap(({ id, sealedAt }, place) => {
      const row = sheets[place]?.rows.find((one) => one.household === household);
      if (row === undefined || sealedAt === undefined) return [];
      const isOwn = seenIn.has(id) || isDuring(stays, dayOf(Date.parse(sealedAt)));
      return isOwn ? [{ round: id, sealedAt, ...row }] : [];
    }),
  };
}

/** The household's case, the help it or the person was given by village, town or district, calls and photographs by name. */
async function assistanceOf(subject: Subject) {
  const { person, household, stays } = subject;
  const village = villageOf(household);
  const above = [village.slice(0, 9), village.slice(0, 6)];
  const [summaries, ledger, help, ended, calls, photographs] = await Promise.all([
    listSummaries(village),
    Promise.all([listLedger(village), ...above.map((region) => listLedgerBetween(region, region))]),
    listHelp(village),
    listEndedHelp(household),
    readCalls(household),
    evidenceOfHousehold(household),
  ]);
  const cases = summaries.filter((one) => one.household === household);
  const isOwn = (entry: object, day: string) => {
    if (!('household' in entry) || entry.household !== household) return false;
    return 'person' in entry ? entry.person === person : isDuring(stays, day);
  };
  return {
    cases: (await Promise.all(cases.map(({ id }) => caseTold(id, subject)))).flat(),
    help: ledger.flat().filter((entry) => isOwn(entry, entry.occurredOn)),
    requests: [...help, ...ended].filter((one) => isOwn(one, one.askedOn)),
    calls: (calls.get(household) ?? []).filter((day) => isDuring(stays, day)),
    photographs: photographs
      .filter(({ receivedAt }) => isDuring(stays, dayOf(Date.parse(receivedAt))))
      .map(({ id, of, receivedAt }) => ({ id, of, receivedAt })),
  };
}

/** Of a case the episodes in which the person lived where it was, and of these what was then; its stage as long as they do. */
async function caseTold(id: string, { allStays, today }: Subject) {
  const [found, events] = await Promise.all([readCase(id), readTold(casePartition(id).pk)]);
  if (found === undefined) return [];
  const stays = staysWith(found, allStays);
  const wasOf = (from: string, to = from) => stays.some((two) => two.every((one) => isDuring([one], from, to)));
  const wasAt = (at: string) => wasOf(dayOf(Date.parse(at)));
  const episodes = found.episodes
    .filter(({ startedAt, admittedOn, closed }) =>
      wasOf(admittedOn ?? dayOf(Date.parse(startedAt)), closed?.on ?? END_OF_DAYS),
    )
    .map(({ closed, clues, ...episode }) => ({
      ...episode,
      clues: clues.filter(({ at }) => wasAt(at)),
      ...(closed !== undefined && wasOf(closed.on) ? { closed } : {}),
    }));
  if (episodes.length === 0) return [];
  const measures = found.measures.filter(({ plannedOn, endedOn }) => wasOf(plannedOn, endedOn ?? END_OF_DAYS));
  const told = events.filter(({ at }) => wasAt(at)).map(({ at, kind }) => ({ at, kind }));
  return [{ id, stage: wasOf(today) ? found.stage : null, episodes, measures, events: told }];
}

/** Claims of the person, with their payments; the account only where it is their own. Of others' claims what went to their account. */
async function insuranceOf({ person, household, data }: Subject) {
  const claims = [...(await readClaims((await listClaimsOf(household)).map(({ id }) => id))).values()];
  const paid = async ({ payouts }: Claim) =>
    (await readPayouts(payouts)).map(({ amount, status, settledOn, returned }) => ({
      ...{ amount, status, settledOn, returned },
    }));
  const told = (payee: Payee, { id }: Claim) =>
    payeeTold(payee, { person, open: (cipher) => data.decrypt(cipher, id) });
  const isTheirs = (claim: Claim) => claim.person === person;
  const isTo = ({ payee }: Claim) => payee?.person === person;
  return {
    claims: await Promise.all(
      claims.filter(isTheirs).map(async (one) => {
        const { payee, head: _, ...claim } = one;
        const events = await readTold(claimPartition(claim.id).pk);
        return {
          ...claim,
          payee: payee === null ? null : told(payee, one),
          events: events.map(({ at, kind }) => ({ at, kind })),
          paid: await paid(one),
        };
      }),
    ),
    payee: await Promise.all(
      claims
        .filter((one) => isTo(one) && !isTheirs(one))
        .flatMap((one) => (one.payee === null ? [] : [{ one, payee: one.payee }]))
        .map(async ({ one, payee }) => ({ ...told(payee, one), paid: await paid(one) })),
    ),
  };
}

/** Of somebody else the money went to, only in what capacity. */
function payeeTold(
  { accountCipher, accountMasked: _, ...payee }: Payee,
  { person, open }: { person: string; open: (cipher: string) => string },
) {
  return payee.person === person ? { ...payee, account: open(accountCipher) } : { kind: payee.kind };
}

/** Who looked at whole numbers of the person, and of their household when they lived there; this time included. */
async function looksAt({ person, household, stays }: Subject) {
  return (await readReveals(villageOf(household)))
    .filter(
      (look) =>
        look.subject === household &&
        (look.person === undefined ? isDuring(stays, dayOf(Date.parse(look.at))) : look.person === person),
    )
    .map(({ at, by, field, reason }) => ({ at, by, field, reason }));
}
