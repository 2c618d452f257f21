import { readFileSync } from 'node:fs';

export interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
  DeletionPolicy?: string;
  Condition?: string;
}

/** The resources of a stack as it was synthesized, by logical id. */
export function resources(stack: string, folder = 'cdk.out'): [string, Resource][] {
  const template: unknown = JSON.parse(readFileSync(`${folder}/${stack}.template.json`, 'utf8'));
  return Object.entries(Object(template)['Resources']);
}

/** Those of one type. */
export function of(all: [string, Resource][], type: string): Resource[] {
  return all.filter(([, { Type }]) => Type === type).map(([, resource]) => resource);
}

interface Statement {
  Action: string | string[];
  Resource: unknown;
  Condition?: object;
}

/** What roles may do: inside the role and in policies beside it. */
export function statementsOf(all: [string, Resource][]): Statement[] {
  const documents: unknown[] = [
    ...of(all, 'AWS::IAM::Policy').map(({ Properties }) => Properties['PolicyDocument']),
    ...of(all, 'AWS::IAM::Role').flatMap(({ Properties }) =>
      [Object(Properties)['Policies'] ?? []].flat().map((policy: object) => Object(policy)['PolicyDocument']),
    ),
  ];
  return documents.flatMap((document): Statement[] => Object(document)['Statement']);
}

/** A text of the template with what only deployment knows left out: `…`. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const parts: unknown = Object(value)['Fn::Join']?.[1];
  return Array.isArray(parts) ? parts.map((part) => (typeof part === 'string' ? part : '…')).join('') : '…';
}

export interface State {
  Type: string;
  [field: string]: unknown;
}

/** The states of a machine by name, those inside its maps too. */
export function statesOf(machine: Resource): Map<string, State> {
  const found = new Map<string, State>();
  const collect = (definition: { States: Record<string, State> }): void => {
    for (const [name, state] of Object.entries(definition.States)) {
      found.set(name, state);
      if (state.Type === 'Map') collect(Object(state['ItemProcessor']));
    }
  };
  collect(JSON.parse(textOf(machine.Properties['DefinitionString'])));
  return found;
}
