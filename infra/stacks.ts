import { App, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, NIST80053R5Checks, ServerlessChecks } from 'cdk-nag';
import { cellOf, stackName } from './cell.ts';
import { ConsoleStack } from './stacks/console-stack.ts';
import { DataStack } from './stacks/data-stack.ts';
import { GuardStack } from './stacks/guard-stack.ts';
import { ServiceStack } from './stacks/service-stack.ts';
import { WatchStack } from './stacks/watch-stack.ts';

/** All stacks of one deployment, from what is bundled and built in `dist`. @param context of cdk.json; what the CLI is told is laid over it */
export function describe(context: Readonly<Record<string, unknown>>, outdir: string): App {
  const app = new App({ context, outdir });
  const cell = cellOf(app.node.tryGetContext('cell'));
  const common = { cell, terminationProtection: true };
  const data = new DataStack(app, stackName('Data', cell), { ...common, description: 'Shouwang: what is kept' });
  const service = new ServiceStack(app, stackName('Service', cell), {
    ...common,
    description: 'Shouwang: what can be replaced',
    data,
  });
  new ConsoleStack(app, stackName('Console', cell), {
    ...common,
    description: 'Shouwang: what officials see',
    api: service.api,
    documents: data.documents,
  });
  new WatchStack(app, stackName('Watch', cell), {
    ...common,
    description: 'Shouwang: alarms and the dashboard',
    data,
    service,
    runbooks: String(app.node.tryGetContext('runbooks') ?? 'docs/runbooks'),
  });
  if (app.node.tryGetContext('guard') !== undefined)
    new GuardStack(app, stackName('Guard', cell), {
      terminationProtection: true,
      description: 'Shouwang: the web ACL in front',
    });
  Tags.of(app).add('application', 'shouwang');
  if (cell !== undefined) Tags.of(app).add('cell', `${cell.district}-${cell.stage}`);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app), new NIST80053R5Checks(app));
  return app;
}
