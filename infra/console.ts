import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { build, type InlineConfig, type Plugin } from 'vite';
import { routes } from '../functions/api/routes.ts';

/** Where the pages' files are put; the console stack deploys these folders. */
export const CONSOLE = 'dist/console';
export const FIELD = 'dist/field';
export const PUBLIC = 'dist/public';
const STAMP = 'dist/.console-inputs';

/** Officials' machines keep a browser for years: three years back. */
const OFFICES = ['chrome109', 'edge109', 'firefox115', 'safari16'];
/** Cheap phones and the web view of WeChat: Chromium 80 of 2020, whose language is ES2020 (docs/field.md). */
const PHONES = ['es2020', 'chrome80', 'safari14'];

/**
 * A page asks for a route by its name. Method, path and callers are put into its bundle from the one table of routes, so
 * that nothing of the table is written down twice and none of its schemas travels to a browser.
 * @param room only the routes that are named in its sources; without it all
 */
function routesFor(room?: string): Plugin {
  return {
    name: 'routes',
    resolveId: (id) => (id === 'virtual:routes' ? '\0routes' : undefined),
    load: (id) => {
      if (id !== '\0routes') return undefined;
      const sources =
        room === undefined ? undefined : globSync(`${room}/**/*.{ts,tsx}`).map((file) => readFileSync(file, 'utf8'));
      const table = Object.entries(routes).flatMap(([name, route]) => {
        if (sources?.some((text) => text.includes(`'${name}'`)) === false) return [];
        const { method, path, roles } = route;
        return [[name, { method, path, roles, level: 'level' in route ? route.level : undefined }]];
      });
      return `export const table = ${JSON.stringify(Object.fromEntries(table))};`;
    },
  };
}

const NO_STYLES = `
  export const injectCSS = () => document.createElement('style');
  export const updateCSS = injectCSS;
  export const removeCSS = () => {};
  export const clearContainerCache = removeCSS;
`;

/** Ant Design's rules as a file, so that no style need stand in the page. Written by a process of its own: drawing every component once takes memory. */
function look(): Plugin {
  const file = resolve('dist/look.css');
  return {
    name: 'look',
    buildStart: () => {
      mkdirSync('dist', { recursive: true });
      writeFileSync(file, execFileSync(process.execPath, ['console/write-look.ts'], { maxBuffer: 16_000_000 }));
    },
    resolveId: (id) => (id === 'virtual:look.css' ? file : undefined),
    // What it would write into the page stands in the file; an element that hangs nowhere satisfies whoever wants to change it.
    load: (id) => (id.endsWith('/@rc-component/util/es/Dom/dynamicCSS.js') ? NO_STYLES : undefined),
  };
}

/** Builds console, field page and public pages, unless nothing they are made from has changed since the last time. */
export async function buildConsole(): Promise<void> {
  const inputs = digest();
  const whole = [CONSOLE, FIELD, PUBLIC].every((folder) => existsSync(`${folder}/index.html`));
  if (whole && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === inputs) return;
  rmSync(STAMP, { force: true });
  // The tested build is the deployed one: under any other mode React would use its development build.
  process.env['NODE_ENV'] = 'production';
  await build(page('console', CONSOLE, OFFICES, [routesFor(), look()]));
  await buildField();
  await build(page('public', PUBLIC, PHONES, [routesFor('public')], globSync('public/*.html')));
  mkdirSync('dist', { recursive: true });
  writeFileSync(STAMP, inputs);
}

/** The field page and, beside it and not among the hashed files, its service worker, which is told what to keep for the time without a signal. */
async function buildField(): Promise<void> {
  await build(page('field', FIELD, PHONES, [routesFor('field')], ['field/index.html', 'field/worker.ts']));
  const files = globSync('**/*.*', { cwd: FIELD })
    .filter((file) => file !== 'worker.js')
    .sort();
  const hash = createHash('sha256');
  for (const file of files)
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(`${FIELD}/${file}`))
      .update('\0');
  const kept = { version: hash.digest('hex').slice(0, 12), files: files.map((file) => `/field/${file}`) };
  const worker = readFileSync(`${FIELD}/worker.js`, 'utf8');
  if (!worker.includes('__KEPT__')) throw new Error('The service worker has no place for what it is to keep.');
  writeFileSync(
    `${FIELD}/worker.js`,
    worker.replace('__KEPT__', () => `(${JSON.stringify(kept)})`),
  );
}

function page(room: string, folder: string, target: string[], plugins: Plugin[], input?: string[]): InlineConfig {
  return {
    configFile: false,
    root: room,
    base: `/${room}/`,
    publicDir: room === 'console' ? 'public' : 'static',
    plugins,
    logLevel: 'warn',
    build: {
      outDir: `../${folder}`,
      emptyOutDir: true,
      target,
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 2000,
      reportCompressedSize: false,
      rolldownOptions: {
        ...(input === undefined
          ? {}
          : { input: Object.fromEntries(input.map((file) => [basename(file).replace(/\.\w+$/, ''), file])) }),
        output: { entryFileNames: ({ name }) => (name === 'worker' ? 'worker.js' : 'assets/[name]-[hash].js') },
        // Components say where they may run when a server draws them first; here none does.
        onLog: (level, log, report) => {
          if (log.code !== 'MODULE_LEVEL_DIRECTIVE') report(level, log);
        },
      },
    },
  };
}

function digest(): string {
  const hash = createHash('sha256');
  const files = [
    ...globSync('{console,field,public,functions/contracts,functions/domain,functions/api/routes}/**/*.*'),
    'functions/api/routes.ts',
    'infra/console.ts',
  ];
  for (const file of [...files, 'package-lock.json'].sort())
    hash.update(file).update('\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}
