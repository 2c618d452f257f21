import { expect, it } from 'vitest';
import { eachOf, wavesOf } from '../../functions/domain/concurrency.ts';

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

it('the first failure begins nothing more and is thrown when what was under way has come to rest', async () => {
  const begun: number[] = [];
  const ended: number[] = [];
  const work = async (item: number) => {
    begun.push(item);
    await pause(item === 1 ? 5 : 20);
    if (item === 1 || item === 2) throw new Error(`no ${item}`);
    ended.push(item);
  };
  await expect(eachOf([0, 1, 2, 3, 4, 5, 6], 3, work)).rejects.toThrow('no 1');
  expect(ended).toEqual([0]);
  await pause(60);
  expect({ begun, ended }).toEqual({ begun: [0, 1, 2], ended: [0] });
});

it('results come in the order of the items, however long each takes', async () => {
  expect(await eachOf([30, 1, 10], 2, async (item) => await pause(item).then(() => item))).toEqual([30, 1, 10]);
});

it('at most so many are under way, each is told its place, and of nothing comes nothing', async () => {
  let running = 0;
  let most = 0;
  const places = await eachOf(['a', 'b', 'c', 'd'], 2, async (_, place) => {
    running += 1;
    most = Math.max(most, running);
    await pause(1);
    running -= 1;
    return place;
  });
  expect([places, most]).toEqual([[0, 1, 2, 3], 2]);
  expect(await eachOf([], 3, async () => 1)).toEqual([]);
});

it('waves keep the order of what touches the same, and let side by side what does not', () => {
  const waves = (...items: string[]) => wavesOf(items, (item) => [...item]);
  expect(waves('a', 'b', 'c')).toEqual([['a', 'b', 'c']]);
  expect(waves('a', 'ab', 'b', 'c', 'bc', 'a')).toEqual([['a', 'c'], ['ab'], ['b', 'a'], ['bc']]);
  expect(waves('', 'a', '')).toEqual([['', 'a', '']]);
  expect(waves()).toEqual([]);
});
