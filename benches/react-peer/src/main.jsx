import { createRoot } from 'react-dom/client';
import { TemporaryLink } from './temporary-link.jsx';
import './style.css';

createRoot(document.getElementById('root')).render(<TemporaryLink endpoint="/api/link" />);
