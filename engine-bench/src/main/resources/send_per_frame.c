/*
 * The baseline of `bench gateway`: a WebSocket server of one thread that knows nothing of sessions, numbers or bounds.
 * It sends each frame with one send, or with "joined" all frames of a burst with one. With "ring" the sends of all connections
 * are handed to io_uring together, which shows how little a server with io_uring could take on this machine. It answers the
 * one key that the benchmark's client has.
 *
 *   send_per_frame PORT rate|max RATE_OR_WINDOW BURST [joined|ring]
 */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <linux/io_uring.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 20000, PAYLOAD = 128, FRAME = PAYLOAD + 4, MOST_BURST = 1024 };

enum { RING = 4096 };

static int sockets[MOST], count, first = -1, started, joined, ring = -1, burst;
static char open_socket[1 << 17];
static char frames[MOST_BURST * FRAME];
static long published, acknowledged, interval;
static long long began = LLONG_MAX; /* when the timer did: what the call that was least late tells */

static void send_all(int fd, const char *bytes, size_t length) {
    while (length > 0) {
        ssize_t sent = send(fd, bytes, length, MSG_NOSIGNAL);
        if (sent < 0 && errno != EINTR) {
            return;
        }
        if (sent > 0) {
            bytes += sent;
            length -= sent;
        }
    }
}

/* What the kernel and this thread share: submissions, and their results. */
static struct io_uring_sqe *entries;
static struct io_uring_cqe *results;
static unsigned *submitted_tail, *submitted_mask, *submitted, *result_head, *result_tail, *result_mask;

static char *map_ring(size_t length, off_t what) {
    char *at = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring, what);
    if (at == MAP_FAILED) {
        perror("mmap");
        exit(1);
    }
    return at;
}

static void open_ring(void) {
    struct io_uring_params params = {.flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN};
    ring = (int) syscall(SYS_io_uring_setup, RING, &params);
    if (ring < 0) {
        perror("io_uring_setup");
        exit(1);
    }
    char *sq = map_ring(params.sq_off.array + params.sq_entries * sizeof(unsigned), IORING_OFF_SQ_RING);
    char *cq = map_ring(params.cq_off.cqes + params.cq_entries * sizeof *results, IORING_OFF_CQ_RING);
    entries = (struct io_uring_sqe *) map_ring(params.sq_entries * sizeof *entries, IORING_OFF_SQES);
    submitted_tail = (unsigned *) (sq + params.sq_off.tail);
    submitted_mask = (unsigned *) (sq + params.sq_off.ring_mask);
    submitted = (unsigned *) (sq + params.sq_off.array);
    result_head = (unsigned *) (cq + params.cq_off.head);
    result_tail = (unsigned *) (cq + params.cq_off.tail);
    result_mask = (unsigned *) (cq + params.cq_off.ring_mask);
    results = (struct io_uring_cqe *) (cq + params.cq_off.cqes);
}

/* Submits sends and waits for all; what a socket has not taken is sent without the ring. */
static void finish(unsigned sends, size_t length) {
    unsigned head = *result_head, left = sends;
    while (left > 0) {
        long status = syscall(SYS_io_uring_enter, ring, sends, left, IORING_ENTER_GETEVENTS, NULL, 0);
        if (status < 0 && errno != EINTR) {
            perror("io_uring_enter");
            exit(1);
        }
        sends -= status > 0 ? (unsigned) status : 0;
        for (; head != __atomic_load_n(result_tail, __ATOMIC_ACQUIRE); head++, left--) {
            struct io_uring_cqe *result = results + (head & *result_mask);
            if (result->res > 0 && (size_t) result->res < length) {
                send_all((int) result->user_data, frames + result->res, length - result->res);
            }
        }
        __atomic_store_n(result_head, head, __ATOMIC_RELEASE);
    }
}

static void send_by_ring(size_t length) {
    unsigned sends = 0;
    for (int c = 0; c < count; c++) {
        unsigned tail = *submitted_tail, at = tail & *submitted_mask;
        struct io_uring_sqe *entry = entries + at;
        memset(entry, 0, sizeof *entry);
        entry->opcode = IORING_OP_SEND;
        entry->fd = sockets[c];
        entry->addr = (uintptr_t) frames;
        entry->len = (unsigned) length;
        entry->msg_flags = MSG_NOSIGNAL | MSG_WAITALL;
        entry->user_data = (unsigned) sockets[c];
        submitted[at] = at;
        __atomic_store_n(submitted_tail, tail + 1, __ATOMIC_RELEASE);
        if (++sends == RING || c == count - 1) {
            finish(sends, length);
            sends = 0;
        }
    }
}

static long long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void publish(int events) {
    for (int i = 0; i < events; i++) {
        char *frame = frames + i * FRAME;
        long long due = interval > 0 ? began + (published + i) / burst * interval : now();
        memset(frame, 'x', FRAME);
        memcpy(frame, "\x81\x7e\x00\x80", 4);
        int length = snprintf(frame + 4, PAYLOAD, "{\"s\":%10ld,\"op\":0,\"t\":\"E\",\"d\":\"T%019lld", published + i + 1,
                              due);
        frame[4 + length] = 'x';
        frame[FRAME - 2] = '"';
        frame[FRAME - 1] = '}';
    }
    published += events;
    if (ring >= 0) {
        send_by_ring((size_t) events * FRAME);
        return;
    }
    for (int c = 0; c < count; c++) {
        if (joined) {
            send_all(sockets[c], frames, (size_t) events * FRAME);
        } else {
            for (int i = 0; i < events; i++) {
                send_all(sockets[c], frames + i * FRAME, FRAME);
            }
        }
    }
}

static void publish_many(long events) {
    for (; events > 0; events -= MOST_BURST) {
        publish(events < MOST_BURST ? (int) events : MOST_BURST);
    }
}

/* A request is answered; a frame is short and masked. One read brings whole messages, which is so with our client. */
static void receive(int fd, int max, long amount, int timer) {
    char bytes[4096];
    ssize_t length = recv(fd, bytes, sizeof bytes - 1, 0);
    if (length <= 0) {
        close(fd);
        open_socket[fd] = 0;
        return;
    }
    bytes[length] = 0;
    if (!open_socket[fd]) {
        static const char answer[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                     "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
        open_socket[fd] = 1;
        sockets[count++] = fd;
        first = first < 0 ? fd : first;
        send_all(fd, answer, sizeof answer - 1);
        return;
    }
    for (char *at = bytes; at + 6 <= bytes + length;) {
        int size = at[1] & 0x7f;
        char text[126] = {0};
        for (int i = 0; i < size && i < 125; i++) {
            text[i] = at[6 + i] ^ at[2 + (i & 3)];
        }
        at += 6 + size;
        if (text[0] == 'S' && !started) {
            started = 1;
            if (max) {
                publish_many(amount);
            } else {
                interval = 1000000000L * burst / amount;
                struct itimerspec every = {{interval / 1000000000L, interval % 1000000000L}, {0, 1}};
                timerfd_settime(timer, 0, &every, NULL);
            }
        } else if (text[0] == 'A' && fd == first && max) {
            long frames_there = atol(text + 1);
            acknowledged = frames_there > acknowledged ? frames_there : acknowledged;
            if (started) {
                publish_many(acknowledged + amount - published);
            }
        }
    }
}

int main(int argc, char **argv) {
    if (argc < 5 || atoi(argv[4]) < 1 || atoi(argv[4]) > MOST_BURST) {
        fprintf(stderr, "send_per_frame PORT rate|max RATE_OR_WINDOW BURST(1..%d) [joined|ring]\n", MOST_BURST);
        return 2;
    }
    int max = strcmp(argv[2], "max") == 0, one = 1;
    burst = atoi(argv[4]);
    long amount = atol(argv[3]);
    joined = argc > 5 && strcmp(argv[5], "joined") == 0;
    if (argc > 5 && strcmp(argv[5], "ring") == 0) {
        open_ring();
    }
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[1]))};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int listening = socket(AF_INET, SOCK_STREAM, 0), epoll = epoll_create1(0);
    int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    setsockopt(listening, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listening, (struct sockaddr *) &address, sizeof address) != 0 || listen(listening, 4096) != 0) {
        perror("bind");
        return 1;
    }
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listening}, ready[256];
    epoll_ctl(epoll, EPOLL_CTL_ADD, listening, &event);
    event.data.fd = timer;
    epoll_ctl(epoll, EPOLL_CTL_ADD, timer, &event);
    while (1) {
        int events = epoll_wait(epoll, ready, 256, -1);
        for (int i = 0; i < events; i++) {
            int fd = ready[i].data.fd;
            if (fd == listening) {
                int client = accept4(listening, NULL, NULL, 0);
                if (client >= 0 && client < (int) sizeof open_socket && count < MOST) {
                    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
                    event.data.fd = client;
                    epoll_ctl(epoll, EPOLL_CTL_ADD, client, &event);
                }
            } else if (fd == timer) {
                uint64_t times;
                if (read(timer, &times, sizeof times) == sizeof times) {
                    long long least = now() - (published / burst + (long) times - 1) * interval;
                    began = least < began ? least : began;
                    publish_many((long) times * burst);
                }
            } else {
                receive(fd, max, amount, timer);
            }
        }
    }
}
