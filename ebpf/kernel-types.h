/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * The fields of kernel structures that the programs read, and no others. Offsets here mean nothing: libbpf puts in
 * those of the running kernel (CO-RE), so one object serves every kernel and does not depend on who built it.
 */
#ifndef WATTLOOP_KERNEL_TYPES_H
#define WATTLOOP_KERNEL_TYPES_H

#include <linux/bpf.h>
#include <linux/types.h>

#ifndef __bpf__
#error "for kernel programs only"
#endif

typedef _Bool bool;
typedef int pid_t;

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct kernfs_node {
	__u64 id; /* the inode number that stat shows */
};

struct cgroup_root {
	int hierarchy_id; /* 0: the unified hierarchy */
};

struct cgroup {
	struct kernfs_node *kn;
	struct cgroup_root *root;
};

struct cgroup_subsys_state {
	struct cgroup *cgroup;
};

struct css_set {
	struct cgroup_subsys_state *subsys[16];
	struct cgroup *dfl_cgrp;
};

typedef struct {
	int counter;
} atomic_t;

struct signal_struct {
	atomic_t live;	/* threads that have not begun to exit */
	int nr_threads; /* threads that have not been released */
};

struct sched_entity {
	__u64 exec_start;	/* when the scheduler last added up, by its own clock */
	__u64 sum_exec_runtime; /* nanoseconds on processors, by the scheduler's own account */
};

struct sched_info {
	__u64 last_arrival; /* when it last came onto a processor, by the scheduler's clock */
};

struct task_struct {
	unsigned int __state;
	struct sched_entity se;
	struct sched_info sched_info;
	pid_t pid;
	pid_t tgid;
	struct task_struct *group_leader;
	__u64 start_boottime;
	char comm[16];
	struct signal_struct *signal;
	struct css_set *cgroups;
};

/* Until Linux 5.13 the state had another name and width. */
struct task_struct___before_5_14 {
	long state;
};

#pragma clang attribute pop

/* Values differ by the kernel's options; libbpf puts in the running kernel's. */
enum cgroup_subsys_id {
	cpuset_cgrp_id,
	cpu_cgrp_id,
	cpuacct_cgrp_id,
	io_cgrp_id,
	memory_cgrp_id,
	devices_cgrp_id,
	freezer_cgrp_id,
	net_cls_cgrp_id,
	perf_event_cgrp_id,
	net_prio_cgrp_id,
	hugetlb_cgrp_id,
	pids_cgrp_id,
};

#define TASK_DEAD 0x80

#endif
