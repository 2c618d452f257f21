import { routes } from '../../functions/api/routes.ts';
import type { Route } from '../../functions/runtime/http.ts';
import { type Mutant, SWITCH } from './instrument.ts';

/**
 * Takes each role of each route out of the table of routes, as the table is loaded.
 * @param code of functions/api/routes.ts
 */
export function withoutRoles(file: string, code: string, first: number): { code: string; mutants: Mutant[] } {
  const mutants: Mutant[] = [];
  const lines = Object.entries<Route>(routes).flatMap(([name, { roles }]) =>
    (roles === 'public' ? [] : roles).map((role) => {
      const id = first + mutants.length;
      mutants.push({ id, file, line: 0, kind: 'role', from: `${name}: ${role}`, to: 'nothing' });
      const fewer = `Object(routes.${name}).roles.filter((role) => role !== '${role}')`;
      return `if (${SWITCH}(${id})) Object(routes.${name}).roles = ${fewer};\n`;
    }),
  );
  return { code: `${code}\n${lines.join('')}`, mutants };
}
