import { readFileSync } from 'node:fs';
import { App, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { bundle } from './bundle.ts';
import { buildConsole } from './console.ts';
import { ConsoleStack } from './stacks/console-stack.ts';
import { DataStack } from './stacks/data-stack.ts';
import { ServiceStack } from './stacks/service-stack.ts';

/** `npm run synth` and `cdk deploy` run this file. Run without the CLI, it reads the feature flags of cdk.json itself: there is one template. */
const { context } = JSON.parse(readFileSync('cdk.json', 'utf8'));

await Promise.all([bundle(), buildConsole()]);
const app = new App({ context, outdir: process.env['CDK_OUTDIR'] ?? 'cdk.out' });
const data = new DataStack(app, 'Shouwang-Data', { description: 'Shouwang: what is kept' });
const service = new ServiceStack(app, 'Shouwang-Service', { description: 'Shouwang: what can be replaced', data });
new ConsoleStack(app, 'Shouwang-Console', {
  description: 'Shouwang: what officials see',
  api: service.api,
  issuer: service.issuer,
  audience: service.audience,
  documents: data.documents,
});
Tags.of(app).add('application', 'shouwang');
Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
app.synth();
