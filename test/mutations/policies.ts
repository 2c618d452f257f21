import { workflowNames } from '../../functions/contracts/workflows.ts';
import { deployed, type Machine } from '../workflows/deployed.ts';
import { type Mutant, SWITCH } from './instrument.ts';

const MARK = '  return definition;\n';

/**
 * Takes each retry, or each catch, out of the machines as the template deploys them, where the tests read them.
 * @param code of test/workflows/deployed.ts
 */
export function withoutPolicies(
  what: 'Retry' | 'Catch',
): (file: string, code: string, first: number) => { code: string; mutants: Mutant[] } {
  return (file, code, first) => {
    const mutants: Mutant[] = [];
    const lines = workflowNames.flatMap((workflow) =>
      policiesOf(deployed(workflow), what).map(({ path, nth }) => {
        const id = first + mutants.length;
        mutants.push({ id, file: workflow, line: nth, kind: what, from: path.join(' > '), to: 'nothing' });
        const list = path.map((name) => `[${JSON.stringify(name)}]`).join('');
        return `  if (workflow === '${workflow}' && ${SWITCH}(${id})) Object(definition)${list}.splice(${nth}, 1);\n`;
      }),
    );
    if (!code.includes(MARK)) throw new Error(`${file} does not end as it did.`);
    return { code: code.replace(MARK, `${lines.join('')}${MARK}`), mutants };
  };
}

function policiesOf(
  machine: Machine,
  what: 'Retry' | 'Catch',
  above: string[] = [],
): { path: string[]; nth: number }[] {
  return Object.entries(machine.States).flatMap(([name, state]) => {
    const path = [...above, 'States', name];
    const own = (state[what] ?? []).map((_, nth) => ({ path: [...path, what], nth }));
    const { ItemProcessor } = state;
    return ItemProcessor === undefined ? own : [...own, ...policiesOf(ItemProcessor, what, [...path, 'ItemProcessor'])];
  });
}
