import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Statement } from '../template/policy-document.ts';
import { type Access, matches } from './policy.ts';

/** Which of its rights each role of a stack has used: an action on a resource, as the template writes them. */
export class Uses {
  readonly #granted = new Map<string, Statement[]>();
  readonly #used = new Set<string>();
  readonly #refused = new Set<string>();

  grant(role: string, statements: readonly Statement[]): void {
    this.#granted.set(role, [...statements]);
  }

  /** @param role by its logical name @param allowed whether it was let through */
  note(role: string, access: Access, allowed: boolean): void {
    if (!allowed) {
      this.#refused.add(named(role, access.action, access.resource));
      return;
    }
    for (const { action, resource } of pairsOf(this.#granted.get(role) ?? [])) {
      if (matches(action, access.action, 'i') && matches(resource, access.resource))
        this.#used.add(named(role, action, resource));
    }
  }

  /** Writes what was granted, used and refused, one file a stack. */
  write(into: string): void {
    const granted = [...this.#granted].flatMap(([role, statements]) =>
      pairsOf(statements).map(({ action, resource }) => named(role, action, resource)),
    );
    const name = `${process.pid}-${String(process.hrtime.bigint())}.json`;
    writeFileSync(join(into, name), JSON.stringify({ granted, used: [...this.#used], refused: [...this.#refused] }));
  }
}

function pairsOf(statements: readonly Statement[]): { action: string; resource: string }[] {
  return statements.flatMap(({ Effect, Action = [], Resource = [] }) =>
    Effect === 'Allow' ? Action.flatMap((action) => Resource.map((resource) => ({ action, resource }))) : [],
  );
}

function named(role: string, action: string, resource: string): string {
  return `${role} ${action} ${resource}`;
}
