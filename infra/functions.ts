import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { routes } from '../functions/api/routes.ts';

/** The Lambda functions and where their code begins: one for each resource of the API, one for each task of a workflow. */
export function functionEntries(): Map<string, string> {
  const entries = new Map<string, string>();
  for (const route of Object.values(routes)) entries.set(functionNameOf(route), `functions/api/${route.function}.ts`);
  for (const workflow of readdirSync('functions/tasks').sort()) {
    for (const file of readdirSync(`functions/tasks/${workflow}`).sort()) {
      const name = file.replace(/\.ts$/, '');
      if (entries.has(name)) throw new Error(`Two functions are called ${name}.`);
      entries.set(name, `functions/tasks/${workflow}/${file}`);
    }
  }
  return entries;
}

/** A function's name, without the room its code is in. */
export function functionNameOf(route: { function: string }): string {
  return basename(route.function);
}

/** The functions that anybody may call without a token. */
export function publicFunctions(): ReadonlySet<string> {
  return new Set(Object.values(routes).flatMap((route) => (route.roles === 'public' ? [functionNameOf(route)] : [])));
}
