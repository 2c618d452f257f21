import { ZenEngine } from '@gorules/zen-engine';
import { Engine } from 'json-rules-engine';
import { type SignalId, severities, signalIds, type TriageClass } from '../functions/contracts/screening/triage.ts';
import type { Visit } from '../functions/contracts/screening/visit.ts';
import { perCapitaIncome, type Thresholds } from '../functions/domain/screening/triage.ts';

/**
 * The facts the peers' rules read. They are derived outside of the timing, in the peers' favour: neither engine knows how to
 * sum a household's members.
 */
export type Facts = Record<string, number | boolean>;

export function factsOf(visit: Visit, thresholds: Thresholds): Facts {
  const { income, selfPaid, guarantees, members } = visit;
  const spent = selfPaid.medical + selfPaid.education + selfPaid.other;
  const available =
    income.wages + income.business + income.property + income.transfer - income.businessCosts + visit.insurancePayouts;
  const able = members.filter(({ labour }) => labour !== 'none').length;
  return {
    perCapita: perCapitaIncome(visit, visit.insurancePayouts),
    near: thresholds.line * (thresholds.nearLinePercent / 100),
    spent,
    rigid: (available * thresholds.rigidSpendingPercent) / 100,
    ...guarantees,
    seriouslyIll: members.filter(({ health }) => health === 'serious-illness').length,
    chronicallyIll: members.filter(({ health }) => health === 'chronic-illness').length,
    medical: selfPaid.medical,
    severelyDisabled: members.filter(({ disabilityGrade }) => disabilityGrade !== undefined && disabilityGrade <= 2)
      .length,
    able,
    inSchool: members.filter(({ inSchool }) => inSchool).length,
    shocks: visit.shocks.length,
  };
}

type Condition = { fact: string; operator: string; value: unknown };

function rulesOf({ line, chronicBurden }: Thresholds): Partial<Record<SignalId, Condition[]>> {
  const is = (fact: string, operator: string, value: unknown): Condition => ({ fact, operator, value });
  const unsafe = (fact: string) => [is(fact, 'equal', false)];
  return {
    INCOME_BELOW_LINE: [is('perCapita', 'lessThan', line)],
    INCOME_NEAR_LINE: [is('perCapita', 'greaterThanInclusive', line), is('perCapita', 'lessThan', { fact: 'near' })],
    RIGID_SPENDING: [is('spent', 'greaterThan', 0), is('spent', 'greaterThanInclusive', { fact: 'rigid' })],
    FOOD_UNSAFE: unsafe('food'),
    CLOTHING_UNSAFE: unsafe('clothing'),
    EDUCATION_UNSAFE: unsafe('compulsoryEducation'),
    MEDICAL_UNSAFE: unsafe('basicMedicalInsurance'),
    HOUSING_UNSAFE: unsafe('housing'),
    WATER_UNSAFE: unsafe('drinkingWater'),
    SERIOUS_ILLNESS: [is('seriouslyIll', 'greaterThan', 0)],
    CHRONIC_BURDEN: [is('chronicallyIll', 'greaterThan', 0), is('medical', 'greaterThanInclusive', chronicBurden)],
    SEVERE_DISABILITY: [is('severelyDisabled', 'greaterThan', 0)],
    NO_LABOUR: [is('able', 'equal', 0)],
    SOLE_EARNER: [is('able', 'equal', 1), is('inSchool', 'greaterThanInclusive', 2)],
    RECENT_SHOCK: [is('shocks', 'greaterThan', 0)],
  };
}

/** json-rules-engine: one rule a signal, the class from the events. */
export function jsonRulesEngine(thresholds: Thresholds): (facts: Facts) => Promise<TriageClass> {
  const engine = new Engine();
  for (const [id, all] of Object.entries(rulesOf(thresholds)))
    engine.addRule({ conditions: { all }, event: { type: id } });
  return async (facts) => {
    const { events } = await engine.run(facts);
    return classOf(events.map(({ type }) => type));
  };
}

const operators: Record<string, string> = { lessThan: '<', greaterThan: '>', greaterThanInclusive: '>=', equal: '==' };

/** zen-engine: one decision table that collects the ids of the rows that hold. */
export function zenEngine(thresholds: Thresholds): (facts: Facts) => Promise<TriageClass> {
  const rows = Object.entries(rulesOf(thresholds)).map(([id, conditions]) => ({
    _id: id,
    condition: conditions
      .map(
        ({ fact, operator, value }) =>
          `${fact} ${operators[operator]} ${typeof value === 'object' && value !== null && 'fact' in value ? value.fact : value}`,
      )
      .join(' and '),
    signal: `"${id}"`,
  }));
  const content = {
    nodes: [
      { id: 'in', name: 'in', type: 'inputNode', position: { x: 0, y: 0 } },
      {
        id: 'table',
        name: 'table',
        type: 'decisionTableNode',
        position: { x: 1, y: 0 },
        content: {
          hitPolicy: 'collect',
          inputs: [{ id: 'condition', name: 'condition' }],
          outputs: [{ id: 'signal', name: 'signal', field: 'signal' }],
          rules: rows,
        },
      },
      { id: 'out', name: 'out', type: 'outputNode', position: { x: 2, y: 0 } },
    ],
    edges: [
      { id: 'a', sourceId: 'in', targetId: 'table', type: 'edge' },
      { id: 'b', sourceId: 'table', targetId: 'out', type: 'edge' },
    ],
  };
  const decision = new ZenEngine().createDecision(Buffer.from(JSON.stringify(content)));
  return async (facts) => {
    const { result } = await decision.evaluate(facts);
    return classOf(Array.isArray(result) ? result.map((row: { signal: string }) => row.signal) : []);
  };
}

function classOf(ids: readonly string[]): TriageClass {
  if (ids.length === 0) return 'secure';
  return signalIds.some((id) => severities[id] === 'risk' && ids.includes(id)) ? 'monitor' : 'concern';
}
