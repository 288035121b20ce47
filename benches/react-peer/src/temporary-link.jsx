import { useCallback, useEffect, useState } from 'react';
import { QRCodeSVG } from 'qrcode.react';

/** Shows a temporary link as a QR code, with the time it has left, and lets its reader copy and revoke it. */
export function TemporaryLink({ endpoint }) {
  const [state, setState] = useState({ name: 'loading' });

  const load = useCallback(async signal => {
    try {
      const response = await fetch(endpoint, { signal });
      if (!response.ok) throw new Error(response.statusText);
      setState(fromAnswer(await response.json()));
    } catch (error) {
      if (error.name !== 'AbortError') setState({ name: 'error' });
    }
  }, [endpoint]);

  useEffect(() => {
    const abort = new AbortController();
    load(abort.signal);
    return () => abort.abort();
  }, [load]);

  const revoke = async () => {
    const response = await fetch(endpoint, { method: 'DELETE' });
    setState({ name: response.ok ? 'revoked' : 'error' });
  };

  switch (state.name) {
    case 'loading':
      return <p className="note" role="status">Loading …</p>;
    case 'live':
      return <Live {...state} onRevoke={revoke} onExpired={() => setState({ name: 'expired' })} />;
    case 'expired':
      return <Note text="This link has expired." onRetry={load} />;
    case 'revoked':
      return <Note text="This link was revoked." onRetry={load} />;
    default:
      return <Note text="The link could not be loaded." onRetry={load} />;
  }
}

function fromAnswer({ link, expires_at, server_time }) {
  if (link === null) return { name: 'revoked' };
  const left = Date.parse(expires_at) - Date.parse(server_time);
  return left > 0 ? { name: 'live', link, endsAt: performance.now() + left } : { name: 'expired' };
}

function Live({ link, endsAt, onRevoke, onExpired }) {
  const left = useSecondsLeft(endsAt, onExpired);
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(link);
    setCopied(true);
  };
  return (
    <section className="card">
      <QRCodeSVG value={link} level="M" marginSize={4} size={264} title="QR code of the temporary link" />
      <p role="timer">{String(Math.floor(left / 60)).padStart(2, '0')}:{String(left % 60).padStart(2, '0')}</p>
      <div className="actions">
        <button type="button" onClick={copy}>{copied ? 'Copied' : 'Copy link'}</button>
        <button type="button" onClick={onRevoke}>Revoke</button>
      </div>
    </section>
  );
}

function useSecondsLeft(endsAt, onExpired) {
  const [left, setLeft] = useState(() => secondsUntil(endsAt));
  useEffect(() => {
    const timer = setInterval(() => {
      const seconds = secondsUntil(endsAt);
      setLeft(seconds);
      if (seconds === 0) onExpired();
    }, 1000);
    return () => clearInterval(timer);
  }, [endsAt, onExpired]);
  return left;
}

function secondsUntil(instant) {
  return Math.max(0, Math.ceil((instant - performance.now()) / 1000));
}

function Note({ text, onRetry }) {
  return (
    <section className="card" role="alert">
      <p>{text}</p>
      <button type="button" onClick={() => onRetry()}>Try again</button>
    </section>
  );
}
