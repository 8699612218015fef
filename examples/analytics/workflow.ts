import { broadcast, gather, range, scatter, shuffle, workflow } from 'wattloop/workflow';
import { customerCount, customerOf, segmentNamed } from './customers.js';
import { lineItemsOf } from './line-items.js';
import { orderOf } from './orders.js';
import { pricingOf } from './pricing.js';
import { reportOf } from './report.js';
import { largest, openItems, ordersOfSegment, revenueByOrder } from './revenue.js';

const parameters = {
  orders: 60_000,
  seed: 1,
  segment: 'BUILDING',
  /** Orders were placed before it, and their items shipped after it. */
  date: '1995-03-15',
  shippedUpTo: '1998-09-02',
  top: 10,
  workers: 4,
};

export default workflow('analytics', { parameters }, (flow) => {
  const { orders: orderCount, seed, segment, date, shippedUpTo, top, workers } = flow.parameters;
  const orderKeys = range(1, orderCount + 1);

  const customers = flow.stage('customers', {
    memoryMib: 512,
    inputs: { keys: scatter(range(1, customerCount(orderCount) + 1)) },
    workers: 1,
    parameters: { seed },
    run: ({ keys }, { parameters, countWork }) => {
      countWork(keys.length);
      return keys.map((key) => customerOf(key, parameters.seed));
    },
  });
  const orders = flow.stage('orders', {
    workers,
    memoryMib: 512,
    inputs: { keys: scatter(orderKeys) },
    parameters: { seed, orders: orderCount },
    run: ({ keys }, { parameters, countWork }) => {
      countWork(keys.length);
      return keys.map((key) => orderOf(key, parameters.orders, parameters.seed));
    },
  });
  const items = flow.stage('items', {
    workers,
    memoryMib: 512,
    inputs: { keys: scatter(orderKeys) },
    parameters: { seed },
    run: ({ keys }, { parameters, countWork }) => {
      const made = keys.flatMap((key) => lineItemsOf(key, parameters.seed));
      countWork(made.length);
      return made;
    },
  });

  const pricing = flow.stage('pricing', {
    workers,
    memoryMib: 512,
    inputs: { items: scatter(items) },
    parameters: { shippedUpTo },
    run: ({ items }, { parameters, countWork }) => {
      countWork(items.length);
      return pricingOf(items, parameters.shippedUpTo);
    },
  });

  const wanted = flow.stage('wanted-orders', {
    workers,
    memoryMib: 512,
    inputs: { orders: scatter(orders), customers: broadcast(customers) },
    parameters: { segment: segmentNamed(segment), date },
    run: ({ orders, customers }, { parameters, countWork }) => {
      countWork(orders.length);
      return ordersOfSegment(orders, customers, parameters.segment, parameters.date);
    },
  });
  const open = flow.stage('open-items', {
    workers,
    memoryMib: 512,
    inputs: { items: scatter(items) },
    parameters: { date },
    run: ({ items }, { parameters, countWork }) => {
      countWork(items.length);
      return openItems(items, parameters.date);
    },
  });
  const joined = flow.stage('join', {
    workers,
    memoryMib: 512,
    inputs: { orders: shuffle(wanted, ({ key }) => key), items: shuffle(open, ({ order }) => order) },
    parameters: { top },
    run: ({ orders, items }, { parameters, countWork }) => {
      countWork(orders.length + items.length);
      return largest(revenueByOrder(orders, items), parameters.top);
    },
  });

  return flow.stage('report', {
    memoryMib: 512,
    inputs: { pricing: gather(pricing), joined: gather(joined) },
    parameters: { top },
    run: ({ pricing, joined }, { parameters, countWork }) => {
      const [groups, revenues] = [pricing.flat(), joined.flat()];
      countWork(groups.length + revenues.length);
      return reportOf(groups, revenues, parameters.top);
    },
  });
});
