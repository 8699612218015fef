// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * Who was on the processor for how long: every slice between two context switches is added to its process, its control
 * group and, where its process is followed, its tree. Interrupts are taken out of the slice that they interrupted.
 */
#include "kernel-types.h"
#include "figures.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

#define barrier() asm volatile("" ::: "memory")

const volatile struct settings settings = {};
struct control control = {};

/* Sizes of 1 are set by user space: by the number of processors, or by the configuration. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct cpu);
} cpus SEC(".maps");

/* One a processor and slot, so that adding needs no atomic and user space no system call. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, SLOTS);
	__type(key, __u32);
	__type(value, struct amount);
} slots SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, struct process_key);
	__type(value, struct process);
} processes SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, __u64);
	__type(value, struct amount);
} cgroups SEC(".maps");

/* By tgid. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, __u32);
	__type(value, struct followed);
} followed SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 2 * 1024 * 1024);
} records SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} cycle_counters SEC(".maps");

static __always_inline struct cpu *this_cpu(void)
{
	__u32 index = bpf_get_smp_processor_id();

	return bpf_map_lookup_elem(&cpus, &index);
}

static __always_inline __u64 cycles_now(void)
{
	struct bpf_perf_event_value value = {};

	if (!settings.count_cycles)
		return 0;
	if (bpf_perf_event_read_value(&cycle_counters, BPF_F_CURRENT_CPU, &value, sizeof(value)))
		return 0;
	return value.counter;
}

/* --- control groups --- */

#define SUBSYSTEM(name) \
	(bpf_core_enum_value_exists(enum cgroup_subsys_id, name) ? (int)bpf_core_enum_value(enum cgroup_subsys_id, name) : -1)

static __always_inline int subsystem(void)
{
	switch (settings.controller) {
	case CONTROLLER_CPUACCT:
		return SUBSYSTEM(cpuacct_cgrp_id);
	case CONTROLLER_CPU:
		return SUBSYSTEM(cpu_cgrp_id);
	case CONTROLLER_MEMORY:
		return SUBSYSTEM(memory_cgrp_id);
	case CONTROLLER_PIDS:
		return SUBSYSTEM(pids_cgrp_id);
	case CONTROLLER_IO:
		return SUBSYSTEM(io_cgrp_id);
	case CONTROLLER_CPUSET:
		return SUBSYSTEM(cpuset_cgrp_id);
	case CONTROLLER_DEVICES:
		return SUBSYSTEM(devices_cgrp_id);
	case CONTROLLER_FREEZER:
		return SUBSYSTEM(freezer_cgrp_id);
	case CONTROLLER_PERF_EVENT:
		return SUBSYSTEM(perf_event_cgrp_id);
	}
	return -1;
}

static __always_inline __u64 cgroup_of(struct task_struct *task)
{
	int index;

	if (settings.controller == CONTROLLER_UNIFIED)
		return task->cgroups->dfl_cgrp->kn->id;
	index = subsystem();
	if (index < 0 || index >= 16)
		return 0;
	/* A variable index: relocated by the field's own offset plus a constant that the verifier knows. */
	return ((struct cgroup_subsys_state **)task->cgroups->subsys)[index]->cgroup->kn->id;
}

static __always_inline void charge_cgroup(__u64 id, const struct amount *amount)
{
	struct amount *total = bpf_map_lookup_elem(&cgroups, &id);

	if (!total) {
		struct amount nothing = {};

		bpf_map_update_elem(&cgroups, &id, &nothing, BPF_NOEXIST);
		total = bpf_map_lookup_elem(&cgroups, &id);
	}
	if (!total) {
		__sync_fetch_and_add(&control.unplaced_cgroup_slices, 1);
		__sync_fetch_and_add(&control.unplaced_cgroup_ns, amount->ns);
		return;
	}
	__sync_fetch_and_add(&total->ns, amount->ns);
	__sync_fetch_and_add(&total->switches, amount->switches);
	if (settings.count_cycles)
		__sync_fetch_and_add(&total->cycles, amount->cycles);
}

/* --- processes --- */

static __always_inline void charge_process(const struct process_key *key, const char *comm, const struct amount *amount)
{
	struct process *process = bpf_map_lookup_elem(&processes, key);

	if (!process) {
		struct process fresh = {};

		bpf_probe_read_kernel(fresh.comm, sizeof(fresh.comm), comm);
		bpf_map_update_elem(&processes, key, &fresh, BPF_NOEXIST);
		process = bpf_map_lookup_elem(&processes, key);
	}
	if (!process) {
		__sync_fetch_and_add(&control.unplaced_process_slices, 1);
		__sync_fetch_and_add(&control.unplaced_process_ns, amount->ns);
		return;
	}
	__sync_fetch_and_add(&process->amount.ns, amount->ns);
	__sync_fetch_and_add(&process->amount.switches, amount->switches);
	if (settings.count_cycles)
		__sync_fetch_and_add(&process->amount.cycles, amount->cycles);
}

/* Hands a process's figures over and frees its place. */
static __always_inline void end_process(const struct process_key *key)
{
	struct process *process = bpf_map_lookup_elem(&processes, key);
	struct process_ended *record;

	if (!process)
		return;
	record = bpf_ringbuf_reserve(&records, sizeof(*record), 0);
	if (record) {
		record->kind = RECORD_PROCESS_ENDED;
		record->tgid = key->tgid;
		record->started = key->started;
		record->process = *process;
		bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP);
	} else {
		__sync_fetch_and_add(&control.lost_ended, 1);
		__sync_fetch_and_add(&control.lost_ended_ns, process->amount.ns);
	}
	bpf_map_delete_elem(&processes, key);
}

/* Of something that was counted during `whole` what falls to `part`, to a millionth. */
static __always_inline __u64 share(__u64 count, __u64 part, __u64 whole)
{
	return whole ? count * ((part << 20) / whole) >> 20 : 0;
}

/* --- followed trees --- */

static __always_inline struct followed *followed_as(__u32 tgid, __u64 started)
{
	struct followed *entry;

	if (!control.following)
		return NULL;
	entry = bpf_map_lookup_elem(&followed, &tgid);
	/* A pid that was used again is another process. */
	return entry && entry->started_ticks == started / NANOSECONDS_PER_TICK ? entry : NULL;
}

static __always_inline void charge_slot(__u32 slot, __u64 ns, __u64 cycles, __u64 switches)
{
	__u32 index = bpf_get_smp_processor_id() * SLOTS + slot;
	struct amount *total;

	if (!slot || slot >= SLOTS)
		return;
	total = bpf_map_lookup_elem(&slots, &index);
	if (!total)
		return;
	total->ns += ns;
	total->cycles += cycles;
	total->switches += switches;
}

static __always_inline void charge_tree(const struct cpu *cpu, __u64 now, const struct amount *amount)
{
	struct followed *entry;
	__u64 later, cycles;

	if (cpu->epoch == control.epoch) {
		charge_slot(cpu->slot, amount->ns, amount->cycles, amount->switches);
		return;
	}
	/* Who is followed has changed within the slice. */
	entry = followed_as(cpu->tgid, cpu->started);
	if (!entry)
		return;
	if (entry->slot == cpu->slot || entry->since <= cpu->since) {
		charge_slot(entry->slot, amount->ns, amount->cycles, amount->switches);
		return;
	}
	later = now > entry->since ? now - entry->since : 0;
	if (later > amount->ns)
		later = amount->ns;
	/* Cycles are not known at the moment of following; they are split as time is. */
	cycles = share(amount->cycles, later, amount->ns);
	charge_slot(cpu->slot, amount->ns - later, amount->cycles - cycles, 0);
	charge_slot(entry->slot, later, cycles, amount->switches);
}

SEC("tp_btf/sched_process_fork")
int BPF_PROG(on_fork, struct task_struct *parent, struct task_struct *child)
{
	__u32 tgid = child->tgid;
	struct followed *entry;
	struct followed fresh = {};

	if (!control.following || child->pid != child->tgid)
		return 0;
	entry = followed_as(parent->tgid, parent->group_leader->start_boottime);
	if (!entry)
		return 0;
	fresh.slot = entry->slot;
	fresh.started_ticks = child->start_boottime / NANOSECONDS_PER_TICK;
	if (bpf_map_update_elem(&followed, &tgid, &fresh, BPF_ANY))
		__sync_fetch_and_add(&control.lost_descendants, 1);
	return 0;
}

/* --- slices --- */

static __always_inline bool is_dead(struct task_struct *task)
{
	struct task_struct___before_5_14 *old = (void *)task;

	if (bpf_core_field_exists(task->__state))
		return task->__state & TASK_DEAD;
	return BPF_CORE_READ(old, state) & TASK_DEAD;
}

static __always_inline void begin_slice(struct cpu *cpu, struct task_struct *task, __u64 since, __u64 now,
					__u64 cycles)
{
	struct followed *entry;

	cpu->since = since;
	cpu->hard_ns_at_since = cpu->hard_ns;
	cpu->soft_ns_at_since = cpu->soft_ns;
	cpu->cycles_at_since = cycles;
	cpu->task = (__u64)task;
	cpu->runtime_at_since = task->se.sum_exec_runtime - (now - since);
	cpu->pid = task->pid;
	cpu->epoch = control.epoch;
	if (!task->pid) {
		cpu->tgid = 0;
		cpu->slot = 0;
		return;
	}
	cpu->tgid = task->tgid;
	cpu->started = task->group_leader->start_boottime;
	cpu->cgroup = cgroup_of(task);
	entry = followed_as(cpu->tgid, cpu->started);
	cpu->slot = entry ? entry->slot : 0;
}

static __always_inline void charge(struct cpu *cpu, const char *comm, __u64 now, const struct amount *amount)
{
	struct process_key key = { .started = cpu->started, .tgid = cpu->tgid };

	cpu->task_ns += amount->ns;
	cpu->task_cycles += amount->cycles;
	charge_process(&key, comm, amount);
	charge_cgroup(cpu->cgroup, amount);
	if (cpu->slot || cpu->epoch != control.epoch)
		charge_tree(cpu, now, amount);
}

/* Since the slice began, without the interrupts that fell into it. */
static __always_inline __u64 slice_ns(const struct cpu *cpu, __u64 now)
{
	__u64 gross = now - cpu->since;
	__u64 interrupts = cpu->hard_ns - cpu->hard_ns_at_since + cpu->soft_ns - cpu->soft_ns_at_since;

	return gross > interrupts ? gross - interrupts : 0;
}

static __always_inline __u64 slice_cycles(const struct cpu *cpu, __u64 cycles)
{
	return cycles > cpu->cycles_at_since ? cycles - cpu->cycles_at_since : 0;
}

/*
 * Another task leaves the processor than came onto it: a switch was not told. The kernel skips a program that would
 * interrupt itself, and some virtual machines run on with code from before the tracepoint was switched on. The scheduler's
 * own account says how long the two ran, and the slice of the one that leaves begins accordingly.
 */
static __always_inline void make_up(struct cpu *cpu, struct task_struct *leaving, __u64 now, __u64 cycles)
{
	struct task_struct *noted = (void *)cpu->task;
	struct amount before = { .switches = 1 };
	__u64 passed = now - cpu->since;
	__u64 counted = slice_cycles(cpu, cycles);
	__u64 own;

	cpu->missed++;
	/* The one that was noted may be gone, and its memory another's. */
	if (cpu->pid && (__u32)BPF_CORE_READ(noted, pid) == cpu->pid)
		before.ns = BPF_CORE_READ(noted, se.sum_exec_runtime) - cpu->runtime_at_since;
	if (before.ns > passed)
		before.ns = passed;
	own = passed - before.ns;
	if (bpf_core_field_exists(leaving->sched_info) && leaving->se.exec_start > leaving->sched_info.last_arrival) {
		__u64 arrived_ago = leaving->se.exec_start - leaving->sched_info.last_arrival;

		own = arrived_ago < own ? arrived_ago : own;
	}
	/* A processor counts no cycles, or few, while it is idle: they are shared by the time that the two ran. */
	before.cycles = share(counted, before.ns, before.ns + own);
	if (cpu->pid)
		charge(cpu, BPF_CORE_READ(noted, group_leader)->comm, now, &before);
	begin_slice(cpu, leaving, now - own, now, cycles - (counted - before.cycles));
}

SEC("tp_btf/sched_switch")
int BPF_PROG(on_switch, bool preempt, struct task_struct *previous, struct task_struct *next)
{
	__u64 now = bpf_ktime_get_ns();
	__u64 cycles = cycles_now();
	struct cpu *cpu = this_cpu();
	struct process_key key;

	if (!cpu)
		return 0;
	cpu->sequence++;
	barrier();
	cpu->switches++;
	/* Soft interrupts are never switched away from, but on real-time kernels: there they belong to the task. */
	cpu->soft_since = 0;
	if (!cpu->since) {
		/* The first switch on this processor: what ran until now has run since the account began. */
		begin_slice(cpu, previous, control.attached_at, now, cycles);
	} else if (cpu->task != (__u64)previous) {
		make_up(cpu, previous, now, cycles);
	}
	key.started = cpu->started;
	key.tgid = cpu->tgid;
	key.unused = 0;
	if (cpu->pid) {
		struct amount amount = { .ns = slice_ns(cpu, now), .cycles = slice_cycles(cpu, cycles), .switches = 1 };
		/* The scheduler's account leaves out what a hypervisor stole, which no clock here shows. */
		__u64 runtime = previous->se.sum_exec_runtime - cpu->runtime_at_since;

		if (runtime < amount.ns)
			amount.ns = runtime;
		charge(cpu, previous->group_leader->comm, now, &amount);
	}
	begin_slice(cpu, next, now, now, cycles);
	barrier();
	cpu->sequence++;

	if (is_dead(previous) && previous->pid && previous->signal->live.counter == 0) {
		bpf_map_delete_elem(&followed, &key.tgid);
		/* Other threads of it may still be on their way out. */
		if (previous->signal->nr_threads <= 1)
			end_process(&key);
	}
	return 0;
}


/* Run once by user space on every processor, so that what is running there is known before the first switch. */
SEC("raw_tp")
int adopt(void *context)
{
	struct cpu *cpu = this_cpu();

	if (cpu && !cpu->since)
		begin_slice(cpu, bpf_get_current_task_btf(), control.attached_at, bpf_ktime_get_ns(), cycles_now());
	return 0;
}

/* Keeps names current: a process is renamed when it executes another program. */
SEC("tp_btf/task_rename")
int BPF_PROG(on_rename, struct task_struct *task, const char *comm)
{
	struct process_key key = { .started = task->start_boottime, .tgid = task->tgid };
	struct process *process;

	if (task->pid != task->tgid)
		return 0;
	process = bpf_map_lookup_elem(&processes, &key);
	if (process)
		bpf_probe_read_kernel_str(process->comm, sizeof(process->comm), comm);
	return 0;
}

/* --- control groups come, go and are joined --- */

static __always_inline bool is_ours(struct cgroup *cgroup)
{
	return (__u32)cgroup->root->hierarchy_id == settings.hierarchy_id;
}

static __always_inline void tell_cgroup(__u32 kind, __u64 id, const struct amount *amount, const char *path)
{
	struct cgroup_change *record = bpf_ringbuf_reserve(&records, sizeof(*record), 0);
	long bytes;

	if (!record) {
		__sync_fetch_and_add(&control.lost_names, 1);
		return;
	}
	record->kind = kind;
	record->id = id;
	record->amount = *amount;
	bytes = bpf_probe_read_kernel_str(record->path, sizeof(record->path), path);
	record->path_bytes = bytes > 0 ? bytes : 0;
	bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP);
}

SEC("tp_btf/cgroup_mkdir")
int BPF_PROG(on_cgroup_made, struct cgroup *cgroup, const char *path)
{
	struct amount nothing = {};

	if (is_ours(cgroup))
		tell_cgroup(RECORD_CGROUP_MADE, cgroup->kn->id, &nothing, path);
	return 0;
}

SEC("tp_btf/cgroup_rmdir")
int BPF_PROG(on_cgroup_removed, struct cgroup *cgroup, const char *path)
{
	struct amount last = {};
	struct amount *total;
	__u64 id;

	if (!is_ours(cgroup))
		return 0;
	id = cgroup->kn->id;
	total = bpf_map_lookup_elem(&cgroups, &id);
	if (total)
		last = *total;
	/* A task's last microseconds may still come; user space knows the path by then and adds them. */
	bpf_map_delete_elem(&cgroups, &id);
	tell_cgroup(RECORD_CGROUP_REMOVED, id, &last, path);
	return 0;
}

/* A process that moves itself may run on without a switch: its slice ends here. */
SEC("tp_btf/cgroup_attach_task")
int BPF_PROG(on_cgroup_joined, struct cgroup *cgroup, const char *path, struct task_struct *task)
{
	__u64 now = bpf_ktime_get_ns();
	__u64 cycles = cycles_now();
	struct task_struct *current = bpf_get_current_task_btf();
	struct cpu *cpu = this_cpu();
	struct amount amount = {};
	__u64 runtime;

	if (!cpu || !is_ours(cgroup) || current->tgid != task->tgid || cpu->task != (__u64)current)
		return 0;
	cpu->sequence++;
	barrier();
	amount.ns = slice_ns(cpu, now);
	amount.cycles = slice_cycles(cpu, cycles);
	/* The scheduler adds up at its ticks only, while a task runs on. */
	runtime = cpu->runtime_at_since + amount.ns;
	charge(cpu, current->group_leader->comm, now, &amount);
	begin_slice(cpu, current, now, now, cycles);
	cpu->runtime_at_since = runtime;
	barrier();
	cpu->sequence++;
	return 0;
}

/* --- interrupts --- */

SEC("raw_tp/irq_handler_entry")
int on_hard_entry(void *context)
{
	struct cpu *cpu = this_cpu();

	if (cpu)
		cpu->hard_since = bpf_ktime_get_ns();
	return 0;
}

SEC("raw_tp/irq_handler_exit")
int on_hard_exit(void *context)
{
	struct cpu *cpu = this_cpu();

	if (!cpu || !cpu->hard_since)
		return 0;
	cpu->hard_sequence++;
	barrier();
	cpu->hard_ns += bpf_ktime_get_ns() - cpu->hard_since;
	cpu->hard_count++;
	cpu->hard_since = 0;
	barrier();
	cpu->hard_sequence++;
	return 0;
}

/* The time now and the hard interrupts' time until now, though one may come between the two. */
static __always_inline __u64 now_and_hard(struct cpu *cpu, __u64 *hard_ns)
{
	volatile __u64 *current = &cpu->hard_ns;
	__u64 now = 0;

#pragma unroll
	for (int attempt = 0; attempt < 3; attempt++) {
		*hard_ns = *current;
		now = bpf_ktime_get_ns();
		if (*current == *hard_ns)
			break;
	}
	return now;
}

SEC("raw_tp/softirq_entry")
int on_soft_entry(void *context)
{
	struct cpu *cpu = this_cpu();
	__u64 hard_ns;
	__u64 now;

	if (!cpu)
		return 0;
	now = now_and_hard(cpu, &hard_ns);
	cpu->soft_sequence++;
	barrier();
	cpu->soft_hard_ns = hard_ns;
	cpu->soft_since = now;
	barrier();
	cpu->soft_sequence++;
	return 0;
}

SEC("raw_tp/softirq_exit")
int on_soft_exit(void *context)
{
	struct cpu *cpu = this_cpu();
	__u64 hard_ns, gross, inner;

	if (!cpu || !cpu->soft_since)
		return 0;
	gross = now_and_hard(cpu, &hard_ns) - cpu->soft_since;
	inner = hard_ns - cpu->soft_hard_ns;
	cpu->soft_sequence++;
	barrier();
	cpu->soft_ns += gross > inner ? gross - inner : 0;
	cpu->soft_count++;
	cpu->soft_since = 0;
	barrier();
	cpu->soft_sequence++;
	return 0;
}
