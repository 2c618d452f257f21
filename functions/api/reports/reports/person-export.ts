import type { Payee } from '../../../contracts/insurance/claim.ts';
import { Problem } from '../../../contracts/problems.ts';
import { villageOf } from '../../../contracts/values.ts';
import type { Version } from '../../../domain/registry/household-changes.ts';
import { everHad, neighbours, ownPart } from '../../../domain/registry/person-file.ts';
import { config } from '../../../runtime/config.ts';
import { mustContain, type Operation } from '../../../runtime/http.ts';
import { evidenceOfHousehold } from '../../../store/assistance/evidence.ts';
import { readCalls } from '../../../store/assistance/follow-up-calls.ts';
import { listHelp, listLedger } from '../../../store/assistance/ledger-entries.ts';
import { casePartition, listSummaries, readCase } from '../../../store/cases/cases.ts';
import { claimPartition, listClaimsOf, readClaims } from '../../../store/insurance/claims.ts';
import { readPayouts } from '../../../store/insurance/payouts.ts';
import { listPolicies, readInsured } from '../../../store/insurance/policies.ts';
import { readVersions } from '../../../store/registry/households.ts';
import { type PersonalData, personalData } from '../../../store/registry/personal-data.ts';
import { readReveals, recordReveal } from '../../../store/registry/reveals.ts';
import { listRounds } from '../../../store/screening/rounds.ts';
import { readSheet } from '../../../store/screening/sheets.ts';
import { readHouseholdVisits } from '../../../store/screening/visits.ts';
import { readTold } from '../../../store/timeline.ts';
import type { reportRoutes } from '../../routes/reports.ts';

/** Households that one person's file goes through; a chain of moves and splits is four or five. */
const MOST_HOUSEHOLDS = 20;

interface Subject {
  person: string;
  household: string;
  data: PersonalData;
}

/**
 * Everything that is kept about one person, as one document, for them (PIPL articles 45 and 46): numbers whole, the other members left out. It is kept
 * first that it was asked for, by whom and why (`GET /v1/reveals`).
 *
 * The person's households are the one that is named, those its history leads to, and those they were insured from.
 */
export const exportPerson: Operation<typeof reportRoutes.exportPerson> = async ({ caller, params, body, now }) => {
  mustContain(caller, villageOf(body.household));
  const { id: person } = params;
  const district = config.district();
  if ((await readVersions(body.household)).length === 0) throw new Problem('household-unknown');
  const insured = await insuredOf(district, person);
  const households = await householdsOf(person, [
    body.household,
    ...insured.flatMap(({ household }) => household ?? []),
  ]);
  if (!households.has(body.household)) throw new Problem('not-found');
  const asked = { by: caller.sub, at: new Date(now).toISOString(), reason: body.reason };
  await recordReveal({
    subject: body.household,
    region: villageOf(body.household),
    field: 'everything',
    person,
    ...asked,
  });
  const data = await personalData(district);
  const parts = await Promise.all(
    [...households].map(async ([household, versions]) => {
      const subject = { person, household, data };
      const [screening, assistance, insurance, looks] = await Promise.all([
        screeningOf(subject),
        assistanceOf(subject),
        insuranceOf(subject),
        looksAt(subject),
      ]);
      const changes = versions.flatMap(
        (version) => ownPart(version, subject, (cipher, owner) => data.decrypt(cipher, owner)) ?? [],
      );
      return { household, changes, ...screening, ...assistance, ...insurance, looks };
    }),
  );
  return { status: 200, body: { person, asked, insured, households: parts } };
};

async function insuredOf(district: string, person: string) {
  const found = await Promise.all(
    (await listPolicies(district)).map(async ({ id, number }) => ({
      id,
      number,
      one: await readInsured(id, [person]),
    })),
  );
  return found.flatMap(({ id, number, one }) => {
    const entry = one.get(person);
    return entry === undefined
      ? []
      : [{ policy: id, number, household: entry.household, name: entry.name, covers: entry.covers }];
  });
}

/** The households whose history has the person, with that history, beginning with those that are named. */
async function householdsOf(person: string, named: readonly string[]): Promise<Map<string, Version[]>> {
  const found = new Map<string, Version[]>();
  const seen = new Set<string>();
  const open = [...named];
  for (let next = open.shift(); next !== undefined && seen.size < MOST_HOUSEHOLDS; next = open.shift()) {
    if (seen.has(next)) continue;
    seen.add(next);
    const versions = await readVersions(next);
    if (!everHad(versions, person)) continue;
    found.set(next, versions);
    open.push(...neighbours(versions));
  }
  return found;
}

/** Visits with the person's own line, and what rounds found of the household. */
async function screeningOf({ person, household }: Subject) {
  const rounds = await listRounds(config.district());
  const [visits, sheets] = await Promise.all([
    Promise.all(rounds.map(({ id }) => readHouseholdVisits(id, household))),
    Promise.all(
      rounds.map(({ id, status }) => (status === 'sealed' ? readSheet(id, villageOf(household)) : undefined)),
    ),
  ]);
  return {
    visits: visits.flat().map(({ id, visit: { members, ...seen }, triage, submittedAt, submittedBy }) => ({
      ...{ id, ...seen, submittedAt, submittedBy, class: triage.class },
      member: members.find((one) => one.person === person) ?? null,
    })),
    rounds: rounds.flatMap(({ id, sealedAt }, place) => {
      const row = sheets[place]?.rows.find((one) => one.household === household);
      return row === undefined ? [] : [{ round: id, sealedAt, ...row }];
    }),
  };
}

/** The household's case, the help it or the person was given, calls and photographs by name. */
async function assistanceOf({ person, household }: Subject) {
  const village = villageOf(household);
  const [summaries, ledger, help, calls, photographs] = await Promise.all([
    listSummaries(village),
    listLedger(village),
    listHelp(village),
    readCalls(household),
    evidenceOfHousehold(household),
  ]);
  const cases = summaries.filter((one) => one.household === household);
  const isOwn = (entry: object) =>
    'household' in entry && entry.household === household && (!('person' in entry) || entry.person === person);
  return {
    cases: await Promise.all(
      cases.map(async ({ id }) => {
        const [found, events] = await Promise.all([readCase(id), readTold(casePartition(id).pk)]);
        const { stage, episodes, measures } = found ?? { stage: null, episodes: [], measures: [] };
        return { id, stage, episodes, measures, events: events.map(({ at, kind }) => ({ at, kind })) };
      }),
    ),
    help: ledger.filter(isOwn),
    requests: help.filter(isOwn),
    calls: calls.get(household) ?? [],
    photographs: photographs.map(({ id, of, receivedAt }) => ({ id, of, receivedAt })),
  };
}

/** Claims of the person, with their payments; the account only where it is their own. */
async function insuranceOf({ person, household, data }: Subject) {
  const own = (await listClaimsOf(household)).filter((claim) => claim.person === person);
  const claims = await readClaims(own.map(({ id }) => id));
  return {
    claims: await Promise.all(
      [...claims.values()].map(async ({ payee, head: _, ...claim }) => {
        const [events, payouts] = await Promise.all([
          readTold(claimPartition(claim.id).pk),
          readPayouts(claim.payouts),
        ]);
        return {
          ...claim,
          payee: payee === null ? null : payeeTold(payee, { person, open: (cipher) => data.decrypt(cipher, claim.id) }),
          events: events.map(({ at, kind }) => ({ at, kind })),
          paid: payouts.map(({ amount, status, settledOn, returned }) => ({ amount, status, settledOn, returned })),
        };
      }),
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

/** Who looked at whole numbers of the person or their household, this time included. */
async function looksAt({ person, household }: Subject) {
  return (await readReveals(villageOf(household)))
    .filter((look) => look.subject === household && (look.person === undefined || look.person === person))
    .map(({ at, by, field, reason }) => ({ at, by, field, reason }));
}
