/** The four workflows. The same names stand in infra/workflows and test/workflows, and in the names of the deployed machines. */
export const workflowNames = ['quarterly-screening', 'case-admission', 'case-closure', 'claim-settlement'] as const;
export type WorkflowName = (typeof workflowNames)[number];

/** The environment variable that tells a function a workflow's ARN. */
export function machineVariable(workflow: WorkflowName): string {
  return `${workflow.replaceAll('-', '_').toUpperCase()}_MACHINE`;
}
