import { readFileSync } from 'node:fs';
import { bundle } from './bundle.ts';
import { buildConsole } from './console.ts';
import { describe } from './stacks.ts';

/** `npm run synth` and `cdk deploy` run this file. Run without the CLI, it reads the feature flags of cdk.json itself: there is one template. */
const { context } = JSON.parse(readFileSync('cdk.json', 'utf8'));

// It would be left unread, and the template of one machine taken for a cell's.
if (process.argv.length > 2)
  throw new Error(
    'This takes no arguments. A cell is synthesized by npx cdk synth -c cell=440904-prod --quiet, into cdk.cell.',
  );

await Promise.all([bundle(), buildConsole()]);
const app = describe(context, process.env['CDK_OUTDIR'] ?? 'cdk.out');
// What the CLI deploys must not depend on names that somebody can change afterwards.
if (process.env['CDK_CLI_VERSION'] !== undefined && app.node.tryGetContext('cell') === undefined)
  throw new Error('Say which cell is meant, a district and a stage: -c cell=440904-prod (docs/deploy/).');
app.synth();
