"""Managed policies of the two roles an Auto Mode cluster works with."""

_MANAGED = "arn:aws:iam::aws:policy/"

# Source: Amazon EKS user guide, "Amazon EKS Auto Mode cluster IAM role".
CONTROL_PLANE_POLICIES = {
    "cluster": f"{_MANAGED}AmazonEKSClusterPolicy",
    "compute": f"{_MANAGED}AmazonEKSComputePolicy",
    "block-storage": f"{_MANAGED}AmazonEKSBlockStoragePolicy",
    "load-balancing": f"{_MANAGED}AmazonEKSLoadBalancingPolicy",
    "networking": f"{_MANAGED}AmazonEKSNetworkingPolicy",
}
# Source: Amazon EKS user guide, "Amazon EKS Auto Mode node IAM role". Nothing else: a pod that
# reaches the node's identity must find it useless.
NODE_POLICIES = {
    "minimal": f"{_MANAGED}AmazonEKSWorkerNodeMinimalPolicy",
    "image-pull": f"{_MANAGED}AmazonEC2ContainerRegistryPullOnly",
}
CLUSTER_ADMIN_POLICY = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
VIEW_POLICY = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"
