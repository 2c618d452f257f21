import type { WorkflowName } from '../../functions/contracts/workflows.ts';
import { of, resources, textOf } from '../infra/template.ts';

interface State {
  Type: string;
  Next?: string;
  Default?: string;
  Choices?: { Next: string }[];
  Catch?: { ErrorEquals: string[]; Next: string }[];
  Retry?: { ErrorEquals: string[] }[];
  ItemProcessor?: Machine;
}

export interface Machine {
  States: Record<string, State>;
}

/** A machine's definition as the template deploys it; of a function that it calls, the logical id stands for its address. */
export function deployed(workflow: WorkflowName): Machine {
  const machine = of(resources('Shouwang-Service'), 'AWS::StepFunctions::StateMachine').find(({ Properties }) =>
    textOf(Properties['StateMachineName']).endsWith(`-${workflow}`),
  );
  const parts: unknown[] = Object(machine?.Properties['DefinitionString'])['Fn::Join'][1];
  const text = parts.map((part) => (typeof part === 'string' ? part : nameOf(String(Object(part)['Ref'])))).join('');
  const definition: Machine = JSON.parse(text);
  return definition;
}

/** `ClaimNextLiveFEFBDB9B` is the alias of `ClaimNext`. */
function nameOf(ref: string): string {
  return ref === 'AWS::Partition' ? 'aws' : ref.replace(/Live[0-9A-F]{8}$/, '');
}

/** Every state of a machine by its name, those of its maps' children too. */
export function allStates(machine: Machine): [string, State][] {
  return Object.entries(machine.States).flatMap(([name, state]): [string, State][] => [
    [name, state],
    ...(state.ItemProcessor === undefined ? [] : allStates(state.ItemProcessor)),
  ]);
}

/** Every way out of every state: `<state> -> <next>`, and for what is caught `<state> !<error> -> <next>`. */
export function waysOf(machine: Machine): Set<string> {
  return new Set(
    allStates(machine).flatMap(([name, { Next, Default, Choices = [], Catch = [] }]) => [
      ...[Next, Default, ...Choices.map((choice) => choice.Next)].flatMap((next) =>
        next === undefined ? [] : [`${name} -> ${next}`],
      ),
      ...Catch.flatMap((caught) => caught.ErrorEquals.map((error) => `${name} !${error} -> ${caught.Next}`)),
    ]),
  );
}
