import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { routes } from '../../functions/api/routes.ts';

/** What nobody does on a screen, and who does it instead. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  hospitalFeed: 'a hospital’s system, or the exchange screen as a table',
  reportAlerts: 'a department’s system',
  importCases: 'the exchange screen, as a table',
  importHouseholds: 'the exchange screen, as a table',
  importRoster: 'the exchange screen, as a table',
  openApi: 'who writes a client',
  tryTriage: 'who writes a form; criteria are rehearsed on a screen',
};

test('what people may do has a screen: nobody has to call a route by hand', () => {
  const code = globSync('{console,field,public}/**/*.{ts,tsx}').map((file) => readFileSync(file, 'utf8'));
  const without = Object.keys(routes).filter((name) => !code.some((text) => text.includes(`'${name}'`)));
  expect(without.toSorted()).toEqual(Object.keys(ELSEWHERE).toSorted());
});
