import { globSync, readFileSync, rmSync } from 'node:fs';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { parseSync } from 'vite';
import { functionEntries } from './functions.ts';

/** How every handler is bundled; the benchmark of bundles builds its bare client the same way. */
export const bundleOptions = {
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  outExtension: { '.js': '.mjs' },
  // ES modules of dependencies first: half the size of their CommonJS forms.
  mainFields: ['module', 'main'],
  // Some dependencies are CommonJS inside and call require.
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
  legalComments: 'none',
  // Beside the bundle: a stack trace then names the line that was written, not the one that was bundled.
  sourcemap: 'linked',
  sourcesContent: false,
  // Chinese escaped takes twice the room, but with one character that is not ASCII V8 keeps and reads all code as two bytes: 4 % of a start.
  charset: 'ascii',
  logLevel: 'warning',
} satisfies BuildOptions;

/**
 * Leaves zod's writer of JSON Schema (18 KB) out of functions that only parse: zod ties it to every schema, where no tree shaking finds it. Called
 * nevertheless, it throws.
 */
const withoutJsonSchema: Plugin = {
  name: 'zod-without-json-schema',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\/(json-schema-processors|to-json-schema)\.js$/ }, ({ path, importer }) =>
      importer.endsWith('/classic/schemas.js') ? { path, namespace: 'left-out' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'left-out' }, () => ({
      contents: `const leftOut = () => () => { throw new Error('JSON Schema is left out of this bundle.'); };
        export { leftOut as createStandardJSONSchemaMethod, leftOut as createToJSONSchemaMethod };`,
    }));
  },
};

/** Leaves the names of holidays out (9 KB): only their dates are asked for. */
const holidaysWithoutNames: Plugin = {
  name: 'holidays-without-names',
  setup({ onLoad }) {
    onLoad({ filter: /chinese-days\/dist\/years\/\d{4}\.json$/ }, ({ path }) => {
      const year: Record<string, Record<string, string>> = JSON.parse(readFileSync(path, 'utf8'));
      const dates = Object.entries(year).map(([kind, days]) => [
        kind,
        Object.fromEntries(Object.keys(days).map((day) => [day, ''])),
      ]);
      return { loader: 'json', contents: JSON.stringify(Object.fromEntries(dates)) };
    });
  },
};

/** Leaves all but the version out of the clients' package.json (2 KB each), which they name in each request. */
const versionsOnly: Plugin = {
  name: 'versions-only',
  setup({ onLoad }) {
    onLoad({ filter: /@aws-sdk\/client-[^/]+\/package\.json$/ }, ({ path }) => {
      const { version }: { version: string } = JSON.parse(readFileSync(path, 'utf8'));
      return { loader: 'json', contents: JSON.stringify({ version }) };
    });
  },
};

/**
 * Gives the SDK `node:http` as CommonJS does. Imported as a namespace, each of its names is read, and one of them loads undici: 17 ms of every start of
 * a function here. (On AWS the SDK talks by `node:https`, which has no such name.)
 */
const httpWithoutNamespace: Plugin = {
  name: 'http-without-namespace',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:http$/ }, ({ kind, path }) =>
      kind === 'dynamic-import' ? { path, namespace: 'by-require' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'by-require' }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)})`,
    }));
  },
};

/**
 * Builds at a function's start only the schemas it parses with: 15 % of the start of `cases` were others. What a route answers is written for readers and tests, so
 * it is left out of the routes; and every call with which contracts make a schema is marked as one that may be left out when nobody uses what it makes, which
 * holds because contracts only make values.
 */
const schemasInUse: Plugin = {
  name: 'schemas-in-use',
  setup({ onLoad }) {
    onLoad({ filter: /\/functions\/contracts\/.*\.ts$/ }, ({ path }) => {
      const code = readFileSync(path, 'utf8');
      return { loader: 'ts', contents: callsMarked(code, parseSync(path, code).program) };
    });
    onLoad({ filter: /\/functions\/api\/routes\/[^/]+\.ts$/ }, ({ path }) => {
      const contents = readFileSync(path, 'utf8').replaceAll(/^ {4}answers: [\w.]+,$/gm, '');
      if (/\banswers:/.test(contents)) throw new Error(`${path}: what a route answers is one name on one line.`);
      return { loader: 'ts', contents };
    });
  },
};

/** The code with a mark before each call that is made while it loads. @param tree its syntax tree (ESTree) */
function callsMarked(code: string, tree: unknown): string {
  const starts = new Set<number>();
  const look = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const { type, start }: { type?: string; start?: number } = node;
    if (/Function/.test(type ?? '')) return;
    if (type === 'CallExpression' && start !== undefined) starts.add(start);
    Object.values(node).forEach(look);
  };
  look(tree);
  let marked = code;
  for (const start of [...starts].sort((a, b) => b - a))
    marked = `${marked.slice(0, start)}/* @__PURE__ */ ${marked.slice(start)}`;
  return marked;
}

/** The one function that writes schemas down. */
const WRITES_SCHEMAS = 'openapi';

/** Bundles all functions in two calls, `dist/<function>/index.mjs`: 1.4 s where one call a function takes 9. */
export async function bundle(): Promise<void> {
  // The console lies beside the functions, and is built anew only when it has changed.
  for (const folder of globSync('dist/*/index.mjs')) rmSync(folder.replace(/index\.mjs$/, ''), { recursive: true });
  const entries = [...functionEntries()].map(([name, entry]) => ({ in: entry, out: `${name}/index` }));
  const writes = ({ out }: { out: string }) => out === `${WRITES_SCHEMAS}/index`;
  // The schemas' references to the code that is left out.
  const options = {
    ...bundleOptions,
    logOverride: { 'import-is-undefined': 'silent' as const },
    outdir: 'dist',
    alias: {
      '@aws-sdk/credential-provider-node': './infra/lambda-credentials.ts',
      '@aws-sdk/middleware-endpoint-discovery': './infra/no-endpoint-discovery.ts',
      '@smithy/core/event-streams': './infra/no-event-streams.ts',
    },
  };
  await Promise.all([
    build({
      ...options,
      entryPoints: entries.filter((entry) => !writes(entry)),
      plugins: [withoutJsonSchema, schemasInUse, holidaysWithoutNames, versionsOnly, httpWithoutNamespace],
    }),
    build({ ...options, entryPoints: entries.filter(writes), plugins: [versionsOnly, httpWithoutNamespace] }),
  ]);
}
