import { useEffect, useState } from 'preact/hooks';
import { t } from '../app/words.ts';
import type { Desk } from '../keep/desk.ts';

/** Below so much room the phone may soon take no more forms. */
const LITTLE_BYTES = 5_000_000;

let waiting: ServiceWorker | undefined;
const listeners = new Set<() => void>();

/** Registers the service worker and watches for its next version; without one the page works, but opens only with a signal. */
export async function watchForUpdates(): Promise<void> {
  const { serviceWorker } = navigator;
  if (serviceWorker === undefined) return;
  const registration = await serviceWorker.register('/field/worker.js', { scope: '/field/' });
  const look = () => {
    // The very first version has nobody to wait for.
    waiting = serviceWorker.controller === null ? undefined : (registration.waiting ?? undefined);
    for (const listener of listeners) listener();
  };
  registration.addEventListener('updatefound', () => registration.installing?.addEventListener('statechange', look));
  look();
}

/** A new version announces itself between two forms, and comes in when the person lets it. */
export function UpdateBar() {
  const [worker, setWorker] = useState(waiting);
  useEffect(() => {
    const look = () => setWorker(waiting);
    listeners.add(look);
    return () => void listeners.delete(look);
  }, []);
  if (worker === undefined) return null;
  const comeIn = () => {
    navigator.serviceWorker.addEventListener('controllerchange', () => location.reload());
    worker.postMessage('come-in');
  };
  return (
    <p class="notice">
      {t('有新版本。', 'There is a new version.')}
      <button type="button" onClick={comeIn}>
        {t('更新（已填的都在）', 'Update (nothing is lost)')}
      </button>
    </p>
  );
}

/** Says beforehand what would lose work: no room, a private window, records the system damaged. */
export function StorageWarning({ desk }: { desk: Desk }) {
  const [little, setLittle] = useState<string>();
  useEffect(() => {
    const look = async () => {
      const { quota = Number.POSITIVE_INFINITY, usage = 0 } = (await navigator.storage?.estimate?.()) ?? {};
      if (quota - usage < LITTLE_BYTES)
        setLittle(t('手机存储将满，请先清理，再继续填写。', 'This phone is nearly full: make room before going on.'));
      else if ((await navigator.storage?.persisted?.()) === false && (await navigator.storage.persist?.()) === false)
        setLittle(
          quota < 200_000_000
            ? t(
                '本窗口可能是无痕模式：关闭后未送达的表单会丢失，请用普通窗口打开。',
                'This may be a private window: closing it loses unsent forms. Use an ordinary one.',
              )
            : undefined,
        );
    };
    void look().catch(() => undefined);
  }, []);
  const full = desk.status.full
    ? t(
        '手机存储已满：刚才填写的内容还没有存下，请不要关闭本页，先清理手机存储。',
        'This phone is full: what was typed last is not kept yet. Do not close this page; make room first.',
      )
    : undefined;
  const broken =
    desk.status.broken > 0
      ? t(
          `有 ${desk.status.broken} 份记录已被系统损坏，无法读出。`,
          `${desk.status.broken} records were damaged by the system and cannot be read.`,
        )
      : undefined;
  const ended = desk.status.ended
    ? t(
        '登录已过期，可继续填写；联网后请在“设置”里重新登录，表单会接着发送。',
        'The session has ended. Go on filling in; with a signal, sign in again under Settings and sending goes on.',
      )
    : undefined;
  return (
    <>
      {[full, broken, ended, little].map((words) =>
        words === undefined ? null : (
          <p class="notice warn" role="alert" key={words}>
            {words}
          </p>
        ),
      )}
    </>
  );
}
