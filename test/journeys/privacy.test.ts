import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openRound, register, submit, testRow, VILLAGE, visitOf, worklist } from '../playing-households.ts';
import { OFFICER, TestStack } from '../stack.ts';
import { filled, upload, workbookBytes } from '../workbooks.ts';

function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) =>
    statSync(join(folder, name)).isDirectory() ? filesBelow(join(folder, name)) : [join(folder, name)],
  );
}

it('leaves no ID or phone number anywhere on the disk, and no name outside the table', async () => {
  const stack = await TestStack.start();
  await register(stack, 2);
  const phone = '13812345678';
  const rows = [
    { ...testRow(9), phone, members: testRow(9).members.map((member) => ({ ...member, name: '某某某某' })) },
  ];
  await stack.post('/v1/households:import', OFFICER, { rows });
  await stack.post('/v1/households:import', OFFICER, { rows: [{ ...rows[0], number: '0010' }] });
  const [sheeted] = testRow(11).members;
  const named = {
    户编号: `${VILLAGE}-0011`,
    户类型: '脱贫户',
    联系电话: phone,
    姓名: '某某某某',
    与户主关系: '户主',
    身份证号码: sheeted?.idNumber ?? '',
  };
  const sheet = await filled(stack, 'households', OFFICER, [
    named,
    { ...named, 户编号: `${VILLAGE}-0012` },
    { ...named, 户编号: '无' },
  ]);
  await upload(stack, 'households?report=xlsx', OFFICER, await workbookBytes(sheet));
  await stack.post(`/v1/households/${VILLAGE}-0009/reveal`, OFFICER, { field: 'phone', reason: '电话回访' });
  await openRound(stack);
  await submit(
    stack,
    (await worklist(stack)).map((household) => visitOf(household)),
  );
  await stack.post('/v1/rounds/2023Q4/seal', OFFICER);
  await stack.settle(60);
  await stack.stop({ keep: true });

  const numbers = [1, 2, 9, 11].flatMap((n) => testRow(n).members.map(({ idNumber }) => idNumber));
  const files = filesBelow(stack.data);
  expect(files.some((file) => file.endsWith('.log')) && files.some((file) => file.includes('states'))).toBe(true);
  for (const file of files) {
    const content = readFileSync(file);
    for (const secret of [...numbers, phone]) expect([file, content.includes(secret)]).toEqual([file, false]);
    if (!file.includes('dynamodb')) expect([file, content.includes('某某某某')]).toEqual([file, false]);
  }
});
