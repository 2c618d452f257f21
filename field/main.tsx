import { onLanguage, t } from './app/words.ts';
import './app/floor.ts';
import './app/zod.ts';
import './style.css';
import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { finishSignIn, meOf, type Tokens } from './app/sign-in.ts';
import { type Lock, readLocks } from './keep/database.ts';
import type { Desk } from './keep/desk.ts';
import { ownerOf } from './keep/vault.ts';
import { ChoosePin, EnterPin, lacking, Welcome } from './screens/door.tsx';
import { watchForUpdates } from './screens/notices.tsx';
import { Pages } from './screens/pages.tsx';

type Stage =
  | { at: 'starting' }
  | { at: 'elsewhere' }
  | { at: 'welcome'; failed: boolean }
  | { at: 'choose'; tokens: Tokens }
  | { at: 'enter'; locks: Lock[]; tokens?: Tokens }
  | { at: 'in'; desk: Desk };

function Field() {
  const [stage, setStage] = useState<Stage>({ at: 'starting' });
  const start = () => {
    begin().then(setStage, () => setStage({ at: 'welcome', failed: true }));
  };
  const [, draw] = useState(0);
  useEffect(start, []);
  useEffect(() => onLanguage(() => draw((n) => n + 1)), []);
  switch (stage.at) {
    case 'starting':
      return <p class="door">{t('正在打开…', 'Opening…')}</p>;
    case 'elsewhere':
      return (
        <p class="door">
          {t(
            '已在另一个窗口打开，请回到那个窗口，或关闭它后刷新。',
            'Open in another window already: go back to that one, or close it and reload.',
          )}
        </p>
      );
    case 'welcome':
      return <Welcome failed={stage.failed} />;
    case 'choose':
      return <ChoosePin tokens={stage.tokens} onOpen={(desk) => setStage({ at: 'in', desk })} />;
    case 'enter':
      return <EnterPin locks={stage.locks} tokens={stage.tokens} onOpen={(desk) => setStage({ at: 'in', desk })} />;
    case 'in':
      return <Pages desk={stage.desk} onLeave={start} />;
  }
}

async function begin(): Promise<Stage> {
  if (lacking()) return { at: 'welcome', failed: false };
  if (!(await alone())) return { at: 'elsewhere' };
  if (location.pathname === '/field/signed-in') {
    const tokens = await finishSignIn();
    if (tokens === undefined) return { at: 'welcome', failed: true };
    const me = meOf(tokens);
    for (const lock of await readLocks())
      if (lock.owner === (await ownerOf(`${me.iss} ${me.sub} ${me.region}`, lock.salt)))
        return { at: 'enter', locks: [lock], tokens };
    return { at: 'choose', tokens };
  }
  const locks = await readLocks();
  return locks.length === 0 ? { at: 'welcome', failed: false } : { at: 'enter', locks };
}

let held: Promise<boolean> | undefined;

/** One window at a time writes: the browser gives the lock back when this one is gone, however it goes. */
function alone(): Promise<boolean> {
  held ??= new Promise((resolve) => {
    if (navigator.locks === undefined) return resolve(true);
    void navigator.locks.request('shouwang-field', { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock === null ? undefined : new Promise(() => undefined);
    });
  });
  return held;
}

void watchForUpdates().catch(() => undefined);
const place = document.getElementById('root');
if (place === null) throw new Error('The page has no place for the field page.');
place.textContent = '';
render(<Field />, place);
