"""The tour: a small shop that has run for twelve days, with one example of each state that a set can be in."""

from __future__ import annotations

from datetime import timedelta

from stswidgets.simulator.scenarios import manifests, stage

_POSTGRES = "postgres:16.4"


def tells(on: stage.Stage) -> None:
    """Twelve days."""
    on.namespace("shop", alias="Online shop", labels={"team": "storefront"})
    on.namespace("lab", alias="Laboratory", labels={"team": "research"})
    _found(on)
    _weeks_before(on)
    _last_days(on)
    _last_hour(on)


def _found(on: stage.Stage) -> None:
    """Day one: the database, the cache, the queue."""
    on.create(
        manifests.secret("db-credentials", username="shop", password="not-a-real-password"),  # noqa: S106
        manifests.config_map("db-config", POSTGRES_DB="shop", PGDATA="/var/lib/postgresql/data/pgdata"),
        manifests.headless("db", 5432),
        manifests.statefulset(
            "db",
            _POSTGRES,
            port=5432,
            cpu=("250m", "1"),
            memory=("512Mi", "1Gi"),
            storage="8Gi",
            mount="/var/lib/postgresql/data",
            alias="Orders database",
            description="Orders, customers and stock. Ask the storefront team before you change it.",
            labels={"team": "storefront", "tier": "data"},
            cause="First release on PostgreSQL 16.4",
            container={
                "readinessProbe": {"exec": {"command": ["pg_isready", "-U", "shop"]}, "periodSeconds": 5},
                "envFrom": [{"configMapRef": {"name": "db-config"}}],
                "env": [
                    {
                        "name": "POSTGRES_PASSWORD",
                        "valueFrom": {"secretKeyRef": {"name": "db-credentials", "key": "password"}},
                    }
                ],
            },
        ),
        manifests.budget("db", "db", 2),
        manifests.headless("cache", 6379),
        manifests.statefulset(
            "cache",
            "redis:7.2",
            replicas=6,
            port=6379,
            cpu=("50m", "200m"),
            memory=("64Mi", "128Mi"),
            alias="Session cache",
            labels={"team": "storefront", "tier": "cache"},
            cause="Redis 7.2",
            spec={"podManagementPolicy": "Parallel"},
        ),
        namespace="shop",
    )
    on.settle()
    on.create(
        manifests.headless("queue", 5672),
        manifests.statefulset(
            "queue",
            "rabbitmq:3.13-management",
            port=5672,
            cpu=("100m", "500m"),
            memory=("256Mi", "512Mi"),
            storage="4Gi",
            mount="/var/lib/rabbitmq",
            alias="Order events",
            labels={"team": "fulfilment", "tier": "messaging"},
            cause="RabbitMQ 3.13",
        ),
        namespace="shop",
    )
    on.settle()


def _weeks_before(on: stage.Stage) -> None:
    """Updates that went well, and the sets that came later."""
    on.ago(days=9)
    on.set_image("shop", "cache", "redis:7.4", cause="Redis 7.4: fewer evictions under load")
    on.settle()
    on.ago(days=6)
    on.set_image("shop", "db", "postgres:16.6", cause="PostgreSQL 16.6: security release")
    on.create(
        manifests.headless("search", 9200),
        manifests.statefulset(
            "search",
            "opensearchproject/opensearch:2.17.1",
            port=9200,
            cpu=("500m", "1"),
            memory=("1Gi", "2Gi"),
            storage="20Gi",
            mount="/usr/share/opensearch/data",
            alias="Product search",
            labels={"team": "discovery", "tier": "search"},
            cause="OpenSearch 2.17",
            spec={"updateStrategy": {"type": "OnDelete"}},
        ),
        manifests.headless("ledger", 4222),
        manifests.statefulset(
            "ledger",
            "nats:2.10",
            replicas=4,
            port=4222,
            cpu=("100m", "300m"),
            memory=("128Mi", "256Mi"),
            alias="Payment ledger",
            labels={"team": "payments", "tier": "messaging"},
            cause="NATS 2.10",
            spec={"updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 2}}},
        ),
        manifests.headless("reports", 80),
        manifests.statefulset(
            "reports",
            "nginx:1.27",
            replicas=2,
            port=80,
            storage="2Gi",
            mount="/usr/share/nginx/html",
            alias="Monthly reports",
            labels={"team": "finance", "tier": "web"},
        ),
        namespace="shop",
    )
    on.settle()


def _last_days(on: stage.Stage) -> None:
    """Updates under way, a set that was stopped."""
    on.ago(days=2)
    on.set_image("shop", "db", "postgres:17.2", cause="PostgreSQL 17.2, after the rehearsal on Tuesday")
    on.scale("shop", "reports", 0)
    on.settle()
    on.ago(hours=20)
    on.set_image("shop", "ledger", "nats:2.11", cause="NATS 2.11 on two of four, to watch it")
    on.set_image("shop", "search", "opensearchproject/opensearch:2.19.0", cause="OpenSearch 2.19, by hand")
    on.wait(30)
    on.delete_pod("shop", "search-2")
    on.wait(60)


def _last_hour(on: stage.Stage) -> None:
    """What goes wrong right now."""
    on.ago(minutes=40)
    on.set_image("shop", "queue", "rabbitmq:4.1-broken", cause="RabbitMQ 4.1")
    on.ago(minutes=25)
    on.set_image("shop", "queue", "rabbitmq:3.13-management", cause="Back to RabbitMQ 3.13")
    on.create(
        manifests.statefulset("importer", "example.com/importer:0.3-crash", replicas=1, alias="Catalogue import"),
        manifests.statefulset("notebooks", "jupyter/datascience-notebook:2026", replicas=2, memory=("48Gi", "48Gi")),
        manifests.statefulset("archive", "minio/minio:2026", replicas=1, storage="100Gi", storage_class="offline"),
        namespace="lab",
    )


TOUR = stage.Scenario(
    "tour", "A small shop with a bit of everything: healthy, updating, stuck, stopped", tells, timedelta(days=12)
)
