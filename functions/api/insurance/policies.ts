import { MOST_ROSTER_ROWS } from '../../contracts/insurance/insurance-http.ts';
import { type Insured, type Policy, type RosterRow, rosterRow } from '../../contracts/insurance/policy.ts';
import { Problem, type ProblemCode } from '../../contracts/problems.ts';
import { isAtLeast } from '../../contracts/regions.ts';
import { dayOf } from '../../domain/calendar.ts';
import { eachOf } from '../../domain/concurrency.ts';
import { enrol, rosterFault } from '../../domain/insurance/roster.ts';
import { cleanIdNumber, idNumberFault } from '../../domain/registry/id-number.ts';
import { maskIdNumber } from '../../domain/registry/masking.ts';
import { lookAtNumbers, severityOfNumber } from '../../domain/reports/quality/number-rules.ts';
import type { About, OfferedNumber } from '../../domain/reports/quality/quality-facts.ts';
import { config } from '../../runtime/config.ts';
import { fieldErrors } from '../../runtime/field-errors.ts';
import { type Caller, httpHandler, mustContain, type Operation } from '../../runtime/http.ts';
import { contentIdOf } from '../../store/ids.ts';
import { listClaimSummaries } from '../../store/insurance/claims.ts';
import {
  listPolicies as list,
  putInsured,
  putPolicy,
  readInsured,
  readPolicy,
  readProduct,
} from '../../store/insurance/policies.ts';
import { readDivisions, villagesOf } from '../../store/registry/divisions.ts';
import { personalData } from '../../store/registry/personal-data.ts';
import { personsHouseholds, presentIds } from '../../store/registry/persons.ts';
import { recordLooks } from '../../store/reports/findings.ts';
import { readDistrict } from '../../store/screening/rounds.ts';
import { readSheet } from '../../store/screening/sheets.ts';
import { readVisits } from '../../store/screening/visits.ts';
import { ConditionFailed } from '../../store/table.ts';
import { productRoutes } from '../routes/insurance.ts';
import { type RowProblem, refuseWhenNoneHolds, rowProblem } from '../row-problems.ts';
import { approveProduct, listProducts, proposeProduct, tryProduct } from './policies/products.ts';
import { reconcile } from './policies/reconcile.ts';

/** TransactWriteItems takes 100 items; rows of one batch about the same person are one item. */
const PEOPLE_AT_ONCE = 90;
const AT_ONCE = 8;
/** Of two who send the same people one is through each time, so that a few tries are many. */
const MOST_TRIES = 4;

/** What has become of the limit is the district's own to know, as in the brief: a village sees the terms. */
function view({ createdBy: _, createdAt: __, ...policy }: Policy, { region }: Caller) {
  return isAtLeast(region, 'district')
    ? { ...policy, left: policy.limit - policy.reserved - policy.paid }
    : { ...policy, limit: null, reserved: null, paid: null, left: null };
}

const listPolicies: Operation<typeof productRoutes.listPolicies> = async ({ caller }) => ({
  status: 200,
  body: { items: (await list(config.district())).map((policy) => view(policy, caller)) },
});

const createPolicy: Operation<typeof productRoutes.createPolicy> = async ({ caller, body, now }) => {
  const district = config.district();
  const product = await readProduct(district, body.product);
  if (product === undefined) throw new Problem('product-unknown');
  if (product.state !== 'approved') throw new Problem('product-not-approved');
  const id = contentIdOf('policy', body.number, 12);
  const policy: Policy = {
    ...body,
    id,
    createdBy: caller.sub,
    createdAt: new Date(now).toISOString(),
    reserved: 0,
    paid: 0,
  };
  try {
    await putPolicy(district, policy);
    return { status: 201, body: view(policy, caller) };
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    const found = await readPolicy(district, id);
    if (
      found === undefined ||
      Object.entries(body).some(([name, value]) => new Map<string, unknown>(Object.entries(found)).get(name) !== value)
    )
      throw new Problem('policy-exists');
    return { status: 200, body: view(found, caller) };
  }
};

interface Outcome {
  row: number;
  outcome: 'enrolled' | 'removed' | 'unchanged' | 'refused';
  person?: string;
  problem?: RowProblem;
}

/** A row that can be read, and whom it is about. */
interface SoundRow {
  row: number;
  given: RosterRow;
  idNumber: string;
  person: string;
  hash: string;
}

/** Takes the insurer's roster in, row by row: a row sent again changes nothing, one with `removedOn` ends its certificate. */
const importRoster: Operation<typeof productRoutes.importRoster> = async ({ params, body, now }) => {
  const district = config.district();
  if (body.rows.length > MOST_ROSTER_ROWS) throw new Problem('too-many-rows');
  const [policy, data] = await Promise.all([readPolicy(district, params.id), personalData(district)]);
  if (policy === undefined) throw new Problem('policy-unknown');
  const items: Outcome[] = [];
  const rows: SoundRow[] = [];
  const offered: About<OfferedNumber>[] = [];
  for (const [row, raw] of body.rows.entries()) {
    const parsed = rosterRow.safeParse(raw, { reportInput: true });
    const idNumber = parsed.success ? cleanIdNumber(parsed.data.idNumber) : '';
    if (!parsed.success) {
      items[row] = {
        row,
        outcome: 'refused',
        problem: rowProblem('invalid-body', fieldErrors(parsed.error, ['rows', row])),
      };
      continue;
    }
    const fault = idNumberFault(idNumber, dayOf(now));
    offered.push({
      subject: { policy: policy.id, entry: data.hash(`${policy.id} ${parsed.data.certificate}`) },
      facts: { fault, row },
    });
    const senseless = rosterFault(parsed.data, policy);
    if (fault !== undefined) items[row] = refused(row, 'id-number-invalid', 'idNumber');
    else if (senseless !== undefined) items[row] = refused(row, senseless.code, senseless.field);
    else rows.push({ row, given: parsed.data, idNumber, person: data.personId(idNumber), hash: data.hash(idNumber) });
  }
  const present = await presentIds(rows.map(({ person }) => person));
  const sound = rows.map((one) => ({ ...one, person: present.get(one.person) ?? one.person }));
  const at = new Date(now).toISOString();
  let left = await takeIn(sound, { policy: policy.id, at, isCheck: body.check === true, items });
  if (body.check === true) return rosterAnswer(items);
  // Somebody sends the same roster in this instant: what they wrote is read, and most rows then say what is there already.
  for (let tries = 1; left.length > 0 && tries < MOST_TRIES; tries += 1)
    left = await takeIn(left, { policy: policy.id, at, isCheck: false, items });
  for (const { row } of left) items[row] = refused(row, 'conflict', 'certificate');
  // A certificate whose number holds this time has been put right; the number itself is kept in neither case.
  const scope = { region: district, households: new Set<string>(), registered: new Set<string>() };
  await recordLooks(lookAtNumbers(offered), scope, {
    at,
    by: 'import',
    severityOf: severityOfNumber,
  });
  refuseWhenNoneHolds(items);
  return rosterAnswer(items);
};

/** Tells of each row what it comes to beside what is stored, and writes it unless it is a check. @returns rows of people whom somebody else wrote meanwhile */
async function takeIn(
  rows: readonly SoundRow[],
  { policy, at, isCheck, items }: { policy: string; at: string; isCheck: boolean; items: Outcome[] },
): Promise<SoundRow[]> {
  const [known, households] = await Promise.all([
    readInsured(policy, [...new Set(rows.map(({ person }) => person))]),
    personsHouseholds(rows.map(({ hash }) => hash)),
  ]);
  const changed = new Map<string, { before: Insured | undefined; after: Insured }>();
  for (const { row, given, idNumber, person, hash } of rows) {
    const before = known.get(person);
    const current = changed.get(person)?.after ?? before;
    const enrolled = enrol(current?.covers ?? [], given, at);
    if (enrolled === undefined) {
      items[row] = refused(row, 'roster-contradicts', 'certificate');
      continue;
    }
    items[row] = { row, outcome: enrolled.outcome, person };
    if (enrolled.outcome === 'unchanged') continue;
    const base = current ?? {
      person,
      name: given.name,
      idMasked: maskIdNumber(idNumber),
      household: households.get(hash) ?? null,
    };
    changed.set(person, { before, after: { ...base, covers: enrolled.covers } });
  }
  if (isCheck) return [];
  const changes = [...changed.values()];
  const batches = Array.from({ length: Math.ceil(changes.length / PEOPLE_AT_ONCE) }, (_, n) =>
    changes.slice(n * PEOPLE_AT_ONCE, (n + 1) * PEOPLE_AT_ONCE),
  );
  const lost = await eachOf(batches, 2, (batch) => putInsured(config.district(), policy, at, batch));
  const again = new Set(lost.flatMap((persons) => [...persons]));
  return rows.filter(({ person }) => again.has(person));
}

function rosterAnswer(items: Outcome[]) {
  const count = (outcome: Outcome['outcome']) => items.filter((item) => item.outcome === outcome).length;
  return {
    status: 200,
    body: {
      items,
      enrolled: count('enrolled'),
      removed: count('removed'),
      unchanged: count('unchanged'),
      refused: count('refused'),
    },
  };
}

function refused(row: number, code: ProblemCode, field: string): Outcome {
  const problem = rowProblem(code);
  return {
    row,
    outcome: 'refused',
    problem: { ...problem, errors: [{ pointer: `/rows/${row}/${field}`, code, detail: problem.detail }] },
  };
}

/** 应赔未赔: households whose newest counted visit tells of a large self-paid medical cost, and that have no illness claim in the policy. */
const prompts: Operation<typeof productRoutes.prompts> = async ({ caller, params, query }) => {
  mustContain(caller, query.region);
  const district = config.district();
  const policy = await readPolicy(district, params.id);
  const product = policy === undefined ? undefined : await readProduct(district, policy.product);
  if (policy === undefined || product === undefined) throw new Problem('policy-unknown');
  const [state, divisions, claims] = await Promise.all([
    readDistrict(district),
    readDivisions(district),
    listClaimSummaries(query.region),
  ]);
  const round = state.lastSealed?.round;
  if (round === undefined || divisions === undefined) return { status: 200, body: { items: [] } };
  const claimed = new Set(
    claims
      .filter(({ policy: of, line }) => of === policy.id && (line === 'illness' || line === 'accident-medical'))
      .map(({ household }) => household),
  );
  const villages = villagesOf(divisions).filter((village) => village.startsWith(query.region));
  const found = await eachOf(villages, AT_ONCE, async (village) => {
    const [sheet, visits] = await Promise.all([readSheet(round, village), readVisits(round, village)]);
    return (sheet?.rows ?? []).flatMap(({ household, visit }) => {
      const counted = visits.get(household)?.find(({ id }) => id === visit);
      const medical = counted?.visit.selfPaid.medical ?? 0;
      return medical >= product.promptFrom && !claimed.has(household) ? [{ household, round, medical }] : [];
    });
  });
  return { status: 200, body: { items: found.flat() } };
};

export const handler = httpHandler(productRoutes, {
  listProducts,
  proposeProduct,
  approveProduct,
  tryProduct,
  listPolicies,
  createPolicy,
  importRoster,
  reconcile,
  prompts,
});
