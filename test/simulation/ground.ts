import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { keys } from '../../functions/store/keys.ts';
import { insureWith, registerFamilies, rosterOf } from '../playing-claims.ts';
import { OTHER_TOWN_VILLAGE, OTHER_VILLAGE, VILLAGE } from '../playing-households.ts';
import { TestStack } from '../stack.ts';

/** Where a history begins: divisions, criteria, four families of two and their policy, stored once and copied for each history. */
export class Ground {
  readonly #data: string;
  readonly policy: string;
  /** What each family was registered with; the system shows only masks. */
  readonly people: ReadonlyMap<string, { name: string; idNumber: string; phone: string }>;

  private constructor(data: string, policy: string, people: Ground['people']) {
    this.#data = data;
    this.policy = policy;
    this.people = people;
  }

  static async prepare(): Promise<Ground> {
    const data = mkdtempSync(join(tmpdir(), 'shouwang-ground-'));
    const stack = await TestStack.start({ data, start: '2023-10-09T10:00:00+08:00' });
    await fixIds(stack);
    await stack.prepare();
    const families = await registerFamilies(stack, 4);
    // So little that approvals compete for it.
    const policy = await insureWith(stack, rosterOf(families), { policy: { limit: 2_500_000 } });
    await stack.stop({ keep: true });
    const people = families.flatMap(({ phone, people: all }) =>
      all.map(({ person, name, idNumber }) => [person, { name, idNumber, phone }] as const),
    );
    return new Ground(data, policy, new Map(people));
  }

  /** A folder with a copy of it. */
  copy(): string {
    const copy = mkdtempSync(join(tmpdir(), 'shouwang-history-'));
    cpSync(this.#data, copy, { recursive: true });
    return copy;
  }

  remove(): void {
    rmSync(this.#data, { recursive: true, force: true });
  }
}

/** Ids are made under a secret that a new table draws. A fixed one makes them, and the order of every list, the same in each run. */
async function fixIds({ local: { endpoints, operator } }: TestStack): Promise<void> {
  const client = new DynamoDBClient({ endpoint: endpoints.dynamodb, region: 'us-east-1', credentials: operator });
  const { TableNames: [TableName] = [] } = await client.send(new ListTablesCommand({}));
  const key = Buffer.alloc(32, 7).toString('base64url');
  await DynamoDBDocumentClient.from(client).send(new PutCommand({ TableName, Item: { ...keys.idKey(), key } }));
}

/** The home of the families, and two to which they may move. */
export const VILLAGES = [VILLAGE, OTHER_VILLAGE, OTHER_TOWN_VILLAGE] as const;
