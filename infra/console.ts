import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { build, type Plugin } from 'vite';
import { routes } from '../functions/api/routes.ts';

/** Where the console's files are put; the console stack deploys this folder. */
export const CONSOLE = 'dist/console';
const STAMP = 'dist/.console-inputs';

/**
 * The console asks for a route by its name. Method, path and callers are put into its bundle from the one table of routes, so
 * that nothing of the table is written down twice and none of its schemas travels to a browser.
 */
const routesForTheConsole: Plugin = {
  name: 'routes',
  resolveId: (id) => (id === 'virtual:routes' ? '\0routes' : undefined),
  load: (id) => {
    if (id !== '\0routes') return undefined;
    const table = Object.entries(routes).map(([name, route]) => {
      const { method, path, roles } = route;
      return [name, { method, path, roles, level: 'level' in route ? route.level : undefined }];
    });
    return `export const table = ${JSON.stringify(Object.fromEntries(table))};`;
  },
};

/** Builds the console, unless nothing it is made from has changed since the last time. */
export async function buildConsole(): Promise<void> {
  const inputs = digest();
  if (existsSync(`${CONSOLE}/index.html`) && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === inputs) return;
  rmSync(STAMP, { force: true });
  // The tested build is the deployed one: under any other mode React would use its development build.
  process.env['NODE_ENV'] = 'production';
  await build({
    configFile: false,
    root: 'console',
    base: '/console/',
    plugins: [routesForTheConsole],
    logLevel: 'warn',
    build: {
      outDir: `../${CONSOLE}`,
      emptyOutDir: true,
      // Officials' machines keep a browser for years: three years back.
      target: ['chrome109', 'edge109', 'firefox115', 'safari16'],
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 2000,
      reportCompressedSize: false,
      rolldownOptions: {
        // Components say where they may run when a server draws them first; here none does.
        onLog: (level, log, report) => {
          if (log.code !== 'MODULE_LEVEL_DIRECTIVE') report(level, log);
        },
      },
    },
  });
  mkdirSync('dist', { recursive: true });
  writeFileSync(STAMP, inputs);
}

function digest(): string {
  const hash = createHash('sha256');
  const files = [
    ...globSync('{console,functions/contracts,functions/domain,functions/api/routes}/**/*.*'),
    'functions/api/routes.ts',
    'infra/console.ts',
  ];
  for (const file of [...files, 'package-lock.json'].sort())
    hash.update(file).update('\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}
