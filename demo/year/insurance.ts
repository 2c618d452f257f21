import { type Claimant, type PlannedClaim, planClaims } from '../claims/plan.ts';
import { enrol, insure, playClaims, type RosterRow } from '../claims/play.ts';
import { phoneOf } from '../district/households.ts';
import { PeopleMaker } from '../district/people.ts';
import { Random } from '../district/random.ts';
import { insuredAway } from '../officials.ts';
import { playReviews, type Stage } from '../play-reviews.ts';
import { idOf, type YearPlan } from './plan.ts';
import type { Register } from './registry.ts';

/** 25,488 were insured and 24,615 registered (article): so many are of general households that are watched, or live elsewhere by now. */
const BEYOND_REGISTER = 873;
/** Families that may have a loss; none whose case is told, for an open claim holds a closure up. */
const CLAIMANTS = 600;
/** Each step of a claim takes one day. */
const DAYS_A_STEP = 1;
const BORN = '2023-05-06';
const DIED = '2023-03-10';

/** The group policy of the year: its roster, its claims, and what moves the roster meanwhile. */
export interface YearInsurance {
  policy: string;
  claims: readonly PlannedClaim[];
}

/** Product, policy and the roster of New Year's Day; every claim of the year planned. */
export async function insureDistrict(stage: Stage, plan: YearPlan, register: Register): Promise<YearInsurance> {
  const policy = await insure(stage, rosterOf(plan));
  const { child } = plan.stories;
  const apart = new Set([child, plan.birth].map(idOf));
  const families = new Random('claimants').shuffle(
    plan.households.filter(
      (household) => household.members.length > 1 && !apart.has(idOf(household)) && !plan.cases.has(idOf(household)),
    ),
  );
  const claimants = families.slice(0, CLAIMANTS).map((household) => claimantOf(household, register));
  const bereaved = claimantOf(child, register);
  const dead = bereaved.people.at(-1);
  if (dead === undefined) throw new Error('The family of the first story has no child.');
  const { person, idNumber } = dead;
  return { policy, claims: planClaims(claimants, { claimant: bereaved, person, idNumber, eventOn: DIED }) };
}

function claimantOf(household: YearPlan['birth'], register: Register): Claimant {
  const found = register.get(idOf(household)) ?? [];
  const people = household.members.map(({ name, idNumber, age, state }, place) => ({
    person: found[place]?.person ?? '',
    name,
    idNumber,
    age,
    inSchool: state.inSchool,
  }));
  return { household: idOf(household), phone: phoneOf(household), people };
}

function rosterOf({ households }: YearPlan): RosterRow[] {
  const registered = households.flatMap(({ members }) => members);
  const maker = new PeopleMaker(new Random('beyond the register'), new Set(registered.map(({ idNumber }) => idNumber)));
  const beyond = Array.from({ length: BEYOND_REGISTER }, (_, n) =>
    maker.person('head', n % 2 === 0 ? 'male' : 'female', 20 + (n % 60), maker.surname(), 'full'),
  );
  return [...registered, ...beyond].map(({ name, idNumber }, n) => rowOf(name, idNumber, n + 1));
}

/** A certificate is numbered as the insurer writes it, and says nothing of the person. */
function rowOf(name: string, idNumber: string, number: number, enrolledOn = '2023-01-01'): RosterRow {
  return { name, idNumber, certificate: `DB23-${String(number).padStart(6, '0')}`, enrolledOn };
}

/** The dead child is covered to that day, and no longer. */
export async function takeOff(stage: Stage, { policy }: YearInsurance, plan: YearPlan): Promise<void> {
  const dead = plan.stories.child.members.at(-1);
  const row = rosterOf(plan).find(({ idNumber }) => idNumber === dead?.idNumber);
  if (row === undefined) throw new Error('The child of the first story is not insured.');
  await enrol(stage, policy, [{ ...row, removedOn: DIED }]);
}

/** A newborn is insured from its birth. */
export async function takeOn(
  stage: Stage,
  { policy }: YearInsurance,
  { name, idNumber }: { name: string; idNumber: string },
): Promise<void> {
  await enrol(stage, policy, [rowOf(name, idNumber, 999_001, BORN)]);
}

/** The claims of a part of the year; what they say of their families is looked into, and nobody falls back for an insured loss. */
export async function settle(stage: Stage, { policy, claims }: YearInsurance, wave: number): Promise<void> {
  await playClaims(
    stage,
    policy,
    claims.filter((claim) => claim.wave === wave),
    { days: DAYS_A_STEP, meanwhile: () => playReviews(stage, (pending, today) => insuredAway(stage, pending, today)) },
  );
}
