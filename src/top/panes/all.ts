import type { Pane, PaneName } from '../pane.js';
import { alertsPane } from './alerts.js';
import { queuesPane } from './queues.js';
import { schedulesPane } from './schedules.js';
import { deadPane, tasksPane } from './tasks.js';
import { workersPane } from './workers.js';

export const PANES: Record<PaneName, Pane> = {
  queues: queuesPane,
  workers: workersPane,
  tasks: tasksPane,
  dead: deadPane,
  schedules: schedulesPane,
  alerts: alertsPane,
};
